namespace ActorPmu.Scenarios;

/// <summary>Tells a file of one kind that is given where another kind is read. The tool has several, each with a key of its own.</summary>
internal static class FileKind
{
    public const string Scenario = "scenario";
    public const string Matrix = "matrix of claims";
    public const string Workload = "workload";
    public const string Profile = "hardware profile";

    private static readonly (string Kind, Func<YamlScalar, YamlItem, bool> IsTelling, string WhatToDo)[] Kinds =
    [
        (Scenario, (key, value) => key.Text == "tasks" && value is YamlList { Items: var tasks } && tasks.Any(HasScript), "actorpmu explore {0} reads it"),
        (Matrix, (key, _) => key.Text == "claims", "actorpmu compare --matrix {0} reads it"),
        (Workload, (key, _) => key.Text == "tools", "actorpmu simulate {0} reads it"),
        (Profile, (key, _) => key.Text == "pmus", "--profile {0} runs a scenario on it"),
        ("replay file", (key, value) => key.Text == "schema" && value is YamlScalar { Text: var schema } && schema.StartsWith("actorpmu-replay/", StringComparison.Ordinal), "actorpmu replay {0} reads it"),
    ];

    /// <summary>Refuses a file of another kind. One that could be of the right kind, or of none, is left to its reader.</summary>
    /// <param name="source">The file.</param>
    /// <param name="tree">What it holds.</param>
    /// <param name="wanted">The kind that is read: one of the constants.</param>
    /// <exception cref="InputError">It is of another kind; says which command takes it.</exception>
    public static void Check(YamlSource source, YamlItem tree, string wanted)
    {
        if (tree is not YamlMap { Entries: var entries } || Find(entries, wanted) is not null)
        {
            return;
        }

        foreach ((string kind, _, string whatToDo) in Kinds)
        {
            if (Find(entries, kind) is { } at)
            {
                throw source.Error(at, $"this is a {kind} and no {wanted}", whatToDo.Replace("{0}", source.File, StringComparison.Ordinal));
            }
        }
    }

    private static YamlScalar? Find(IReadOnlyList<(YamlScalar Key, YamlItem Value)> entries, string kind)
    {
        Func<YamlScalar, YamlItem, bool> isTelling = Array.Find(Kinds, k => k.Kind == kind).IsTelling;
        return entries.FirstOrDefault(e => isTelling(e.Key, e.Value)).Key;
    }

    private static bool HasScript(YamlItem task) => task is YamlMap { Entries: var entries } && entries.Any(e => e.Key.Text == "script");
}
