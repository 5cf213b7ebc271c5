using System.Globalization;

namespace ActorPmu.Reporting;

/// <summary>Numbers with what they count: «1 schedule», «1,024 schedules».</summary>
public static class Plural
{
    /// <summary>A number and a word.</summary>
    /// <param name="number">How many.</param>
    /// <param name="one">The word for one of them; an s makes it more.</param>
    public static string Of(long number, string one) => string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? one : one + "s")}");

    /// <summary>A number and what so many do: «1 holds», «5 hold».</summary>
    /// <param name="number">How many.</param>
    /// <param name="one">What one does.</param>
    /// <param name="more">What several do, or none.</param>
    public static string Of(long number, string one, string more) => string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? one : more)}");
}
