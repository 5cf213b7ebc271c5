namespace ActorPmu.Benchmarks.Election;

/// <summary>What is said in the election.</summary>
internal enum Word
{
    Go,
    Acquire,
    Grant,
    Work,
    Ack,
    HandOff,
    Resign,
    Release,
}

/// <summary>A server's lock, three clients, four rounds each: the same rules for every checker that runs them.</summary>
/// <remarks>
/// Sound, a run has 96 deliveries. With the fault, a client may hand its lock to a peer on its own: the peer's work can arrive before the server has
/// heard of it. The shortest run to that has 9 deliveries.
/// </remarks>
internal static class ElectionRules
{
    public const int Clients = 3;
    public const int Rounds = 4;
    public const int Deliveries = Clients * Rounds * 8;

    /// <summary>The client that a client hands its lock to.</summary>
    public static int PeerOf(int client) => (client % Clients) + 1;
}

/// <summary>The server: who holds the lock, and who waits for it.</summary>
/// <param name="tell">Sends a word and a client's number to a client.</param>
/// <param name="fail">Told when somebody works who has not got the lock.</param>
internal sealed class ServerRules(Action<int, Word, int> tell, Action<string> fail)
{
    private readonly Queue<int> _waiting = new();
    private int _holder;

    /// <summary>Takes a client's word.</summary>
    public void Hear(int from, Word word, int value)
    {
        switch (word)
        {
            case Word.Acquire when _holder == 0:
                _holder = from;
                tell(from, Word.Grant, 0);
                break;
            case Word.Acquire:
                _waiting.Enqueue(from);
                break;
            case Word.Work when from != _holder:
                fail($"{from} works, and {_holder} has the lock");
                break;
            case Word.Work:
                tell(from, Word.Ack, 0);
                break;
            case Word.Resign:
                _holder = value;
                break;
            case Word.Release:
                _holder = 0;
                if (_waiting.TryDequeue(out int next))
                {
                    _holder = next;
                    tell(next, Word.Grant, 0);
                }

                break;
        }
    }
}

/// <summary>A client: acquires, works twice, and releases.</summary>
/// <param name="self">Its number, from 1.</param>
/// <param name="tell">Sends a word and a client's number to a client, or to the server, which is 0.</param>
/// <param name="handsOn">Whether it hands its lock on by itself this time; always false when the program is sound.</param>
internal sealed class ClientRules(int self, Action<int, Word, int> tell, Func<bool> handsOn)
{
    private int _acks;

    /// <summary>Takes a word.</summary>
    public void Hear(Word word)
    {
        switch (word)
        {
            case Word.Go:
                tell(0, Word.Acquire, 0);
                break;
            case Word.Grant:
                _acks = 0;
                tell(0, Word.Work, 0);
                break;
            case Word.HandOff:
                _acks = 1;
                tell(0, Word.Work, 0);
                break;
            case Word.Ack when ++_acks < 2:
                tell(0, Word.Work, 0);
                break;
            case Word.Ack when handsOn():
                tell(ElectionRules.PeerOf(self), Word.HandOff, 0);
                tell(0, Word.Resign, ElectionRules.PeerOf(self));
                break;
            case Word.Ack:
                tell(0, Word.Release, 0);
                break;
        }
    }
}
