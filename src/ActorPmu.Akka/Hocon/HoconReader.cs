using ActorPmu.Scenarios;
using Akka.Configuration;

namespace ActorPmu.Akka.Hocon;

/// <summary>Reads settings, and refuses keys that nobody would look at.</summary>
public static class HoconReader
{
    private const int BytesMax = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keys">The keys that it may have.</param>
    /// <param name="rules">What their values must be, besides what is so for every file of settings.</param>
    /// <exception cref="InputError">There is no such file, it is no HOCON, it has a key that is not known, or a value that is not good.</exception>
    public static Config Read(string path, HoconKeys keys, params HoconRule[] rules)
    {
        string text = InputFile.Text(path, bytesMax: BytesMax);
        Config config = Parse(text, path, keys);
        HoconRule.Check(text, path, config, HoconRule.Common.Concat(rules));
        return config;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">Its name for messages.</param>
    /// <param name="keys">The keys that it may have.</param>
    /// <exception cref="InputError">It is no HOCON, or it has a key that is not known.</exception>
    public static Config Parse(string text, string file, HoconKeys keys)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(keys);
        foreach (HoconKey key in HoconScanner.Keys(text, file))
        {
            if (!keys.Knows(key.Path))
            {
                throw new InputError(
                    file, key.Line, key.Column, $"unknown key {string.Join('.', key.Path)}", keys.Advice(key.Path),
                    text.Split('\n')[key.Line - 1].TrimEnd('\r'));
            }
        }

        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InputError(file, 0, 0, e.Message, "see the HOCON syntax: section { key = value }");
        }
    }
}
