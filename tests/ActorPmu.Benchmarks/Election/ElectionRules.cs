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
/// Sound, a run has 96 deliveries. With the fault, a client may hand its lock to a peer on its own, and the server may hear of that late: it
/// reckons with one hand-over that it has not heard of, not with two. Two clients have to hand on, one after the other, and seven deliveries that
/// cause one another have to come before the one that tells of the first: a fault of depth 3 that chance seldom comes to.
/// </remarks>
internal static class ElectionRules
{
    public const int Clients = 3;
    public const int Rounds = 4;
    public const int Deliveries = Clients * Rounds * 8;

    /// <summary>The client that a client hands its lock to.</summary>
    public static int PeerOf(int client) => (client % Clients) + 1;
}

/// <summary>The server: who holds the lock, as far as it has heard, and who waits for it.</summary>
/// <param name="tell">Sends a word and a client's number to a client.</param>
/// <param name="fail">Told when the lock is released by somebody who cannot have it.</param>
internal sealed class ServerRules(Action<int, Word, int> tell, Action<string> fail)
{
    private readonly Queue<int> _waiting = new();

    // Of each client: whom it left the lock to, 0 for nobody, in words that came before it was the holder here.
    private readonly Queue<int>[] _early = [.. Enumerable.Range(0, ElectionRules.Clients + 1).Select(_ => new Queue<int>())];
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
            case Word.Work:
                tell(from, Word.Ack, 0);
                break;
            case Word.Resign:
                Leave(from, value);
                break;
            case Word.Release when from != _holder && from != ElectionRules.PeerOf(_holder):
                fail($"{from} releases, and {_holder} has the lock");
                break;
            case Word.Release:
                Leave(from, 0);
                break;
        }
    }

    private void Leave(int from, int to)
    {
        _early[from].Enqueue(to);
        while (_holder != 0 && _early[_holder].TryDequeue(out int next))
        {
            _holder = next;
            if (next == 0 && _waiting.TryDequeue(out int first))
            {
                _holder = first;
                tell(first, Word.Grant, 0);
            }
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
