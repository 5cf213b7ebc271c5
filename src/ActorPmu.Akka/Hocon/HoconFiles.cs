using System.Reflection;

namespace ActorPmu.Akka.Hocon;

/// <summary>The files of <c>hocon/</c>, which say how Akka runs; they travel inside this assembly.</summary>
public static class HoconFiles
{
    /// <summary>The folder, seen from the top of the repository; the first part of every name here.</summary>
    public const string Folder = "hocon";

    /// <summary>The text of one of them.</summary>
    /// <param name="name">Its name, for instance <c>hocon/live.conf</c>.</param>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public static string Text(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"there is no {name}", nameof(name));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
