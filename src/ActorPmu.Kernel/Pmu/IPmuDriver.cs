namespace ActorPmu.Kernel;

/// <summary>What differs from driver to driver: who gets which counter, and when.</summary>
internal interface IPmuDriver
{
    /// <summary>Whether the off switch of the PMU stops counting.</summary>
    bool StopsWhenDisabled { get; }

    /// <summary>Fills in what the driver decides about an event once: its width and its constraint.</summary>
    void Init(HwEvent e, bool counting);

    PmuStatus Add(HwEvent e);

    /// <returns>False when, as in the kernel, the event stays where it is although it was not added in the transaction under way.</returns>
    bool Del(HwEvent e);

    /// <summary>One event stands where another stood, on its counter if it has one.</summary>
    void HandOver(HwEvent from, HwEvent to);

    /// <summary>Loads the event's counter with what is left of its period, and with a new one where nothing is.</summary>
    void Reload(HwEvent e);

    /// <summary>Whether each stop takes what the counter gained and each start loads it anew, whatever the caller's flags say.</summary>
    bool IgnoresFlags { get; }

    void StartTxn();

    PmuStatus CommitTxn();

    void CancelTxn();

    /// <summary>The PMU goes on.</summary>
    void Enable();

    /// <summary>Whether these events could all be on an empty PMU.</summary>
    bool Fits(ReadOnlySpan<PmuEvent> group);

    /// <summary>Whether these events could all be added beside those that are on the PMU. No may be wrong where the solver is greedy; yes is not.</summary>
    bool HasRoomFor(ReadOnlySpan<PmuEvent> group);

    void Reset();
}
