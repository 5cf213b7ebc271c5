using System.Net.Sockets;
using ActorPmu.Scenarios;

namespace ActorPmu.Cli;

/// <summary>Starts Akka, and tells its refusals of settings and addresses from bugs of ours.</summary>
internal static class AkkaStart
{
    /// <summary>Starts it.</summary>
    /// <param name="settings">The user's file of settings; null for none.</param>
    /// <param name="start">Starts it.</param>
    /// <exception cref="InputError">Akka refuses the settings.</exception>
    /// <exception cref="WrongInputException">The address cannot be taken.</exception>
    public static T With<T>(string? settings, Func<T> start)
    {
        try
        {
            return start();
        }
        catch (Exception e) when (All(e).OfType<SocketException>().FirstOrDefault() is { } refused)
        {
            throw new WrongInputException($"the address cannot be taken: {refused.Message}; give --port a free one, and --host a name of this computer");
        }
        catch (Exception e) when (settings is not null && e is not (InputError or OutOfMemoryException))
        {
            throw new InputError(settings, 0, 0, $"Akka refuses the settings: {All(e).Last().Message.TrimEnd('.')}", "correct the file, or leave --settings out");
        }
    }

    private static IEnumerable<Exception> All(Exception e)
    {
        for (Exception? at = e; at is not null; at = at.InnerException)
        {
            yield return at;
        }
    }
}
