using System.Globalization;
using ActorPmu.Explorer;
using ActorPmu.Scenarios;

namespace ActorPmu.Reporting;

/// <summary>Why a run went wrong, in sentences.</summary>
internal static class WhyText
{
    // More fields than these are counted.
    private const int FieldsMax = 4;

    /// <summary>The explanation, a line for each sentence; empty when there is none.</summary>
    /// <param name="recording">The run.</param>
    /// <param name="scenario">Its scenario, for the names of tasks.</param>
    public static IReadOnlyList<string> Lines(RunRecording recording, Scenario scenario)
    {
        string[] lines = recording.Explanation switch
        {
            { Cause: Cause.Race, Race: { Undelivered: { } late } race } why => [OfLate(race, late), Otherwise(why, race)],
            { Cause: Cause.Race, Race: { } race } why => [OfRace(why, race), WhyUnordered(recording, why, race), Otherwise(why, race)],
            { Cause: Cause.Answer } why =>
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no race: were «{why.Question}» of step {why.AnswerStep} answered the plain way, nothing would be wrong"),
            ],
            { Cause: Cause.None } why =>
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no race: {Turned(why)}{Plural.Of(why.OthersTried, "other schedule")}, picked by chance, all break something; the order does not matter"),
            ],
            { Cause: Cause.Several } why =>
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no single race: {Turned(why)}of {Plural.Of(why.OthersTried, "other schedule")}, picked by chance, {Plural.Of(why.OthersBroken, "breaks", "break")} something"),
            ],
            _ when recording.LastRace is { } race =>
                [string.Create(CultureInfo.InvariantCulture, $"race: {race.Earlier} and {race.Later} are unordered, both at {race.Receiver}")],
            _ => [],
        };
        return [.. lines.Select(l => StepTable.Named(l, recording, scenario))];
    }

    private static string OfLate(Race race, PendingMessage late) => string.Create(
        CultureInfo.InvariantCulture,
        $"race: step {race.Earlier} and «{late.What}» are unordered, both at {race.Receiver}; {late.From} sent that {(late.SentIn == 0 ? "before the start" : string.Create(CultureInfo.InvariantCulture, $"in step {late.SentIn}"))}, and it had not arrived when the run ended");

    private static string OfRace(Explanation why, Race race)
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"race: step {race.Earlier} and step {race.Later} are unordered");
        string place = race.LaterReceiver is { } other ? $"at {race.Receiver} and {other}" : $"both at {race.Receiver}";
        return why.Both.Count > 0 ? $"{head} and both change {Listed(why.Both)}"
            : why.ByEarlier.Count + why.ByLater.Count == 0 ? $"{head}, {place}"
            : why.ByLater.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"{head}, {place}; step {race.Earlier} goes on to change {Listed(why.ByEarlier)}")
            : why.ByEarlier.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"{head}, {place}; step {race.Later} goes on to change {Listed(why.ByLater)}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{head}, {place}; step {race.Earlier} goes on to change {Listed(why.ByEarlier)}, step {race.Later} {Listed(why.ByLater)}");
    }

    private static string WhyUnordered(RunRecording recording, Explanation why, Race race)
    {
        RecordedStep later = recording.Steps.First(s => s.Step == race.Later && s.Choice.Kind == ChoiceKind.Deliver);
        string sent = why.LaterSentIn == 0 ? "was there from the start"
            : string.Create(CultureInfo.InvariantCulture, $"was sent in step {why.LaterSentIn}");
        string reason = why.LaterSentIn < race.Earlier
            ? string.Create(CultureInfo.InvariantCulture, $"before step {race.Earlier}")
            : string.Create(CultureInfo.InvariantCulture, $"where nobody had heard of step {race.Earlier}");
        string end = race.LaterReceiver is null ? $"; {race.Receiver} would have taken it first" : ", and neither had to wait for the other";
        return string.Create(
            CultureInfo.InvariantCulture, $"unordered: the message of step {race.Later}, from {later.From}, {sent}, {reason}{end}");
    }

    private static string Otherwise(Explanation why, Race race) => string.Create(
        CultureInfo.InvariantCulture,
        $"had {(race.Undelivered is null ? string.Create(CultureInfo.InvariantCulture, $"step {race.Later}") : "it")} come before step {race.Earlier}, and the rest as it was, nothing {(why.IsCertain ? "would" : "need")} be wrong");

    private static string Turned(Explanation why) => why.PairsTried switch
    {
        0 => "",
        1 => "with the only racing pair turned round it breaks all the same, ",
        int n => string.Create(CultureInfo.InvariantCulture, $"with any one of {n} racing pairs turned round it breaks all the same, "),
    };

    private static string Listed(IReadOnlyList<string> fields) =>
        fields.Count <= FieldsMax
            ? string.Join(", ", fields)
            : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", fields.Take(FieldsMax))} and {fields.Count - FieldsMax} more");
}
