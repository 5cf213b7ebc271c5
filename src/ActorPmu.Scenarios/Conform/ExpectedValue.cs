using System.Globalization;

namespace ActorPmu.Scenarios.Conform;

/// <summary>What a case says about one number of an answer.</summary>
public abstract record ExpectedValue
{
    /// <summary>Whether a number is as the case says.</summary>
    /// <param name="got">The number that a target answered, in the unit of the field.</param>
    /// <returns>True when it agrees.</returns>
    public abstract bool Accepts(double got);

    /// <summary>Exactly this number.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Exactly(long Value) : ExpectedValue
    {
        /// <inheritdoc/>
        public override bool Accepts(double got) => got == Value;

        /// <inheritdoc/>
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A number and how far off it may be, both included.</summary>
    /// <param name="Value">The recorded number.</param>
    /// <param name="Tolerance">How far off, in the same unit, 0 or more.</param>
    public sealed record Near(double Value, double Tolerance) : ExpectedValue
    {
        // Decimal fractions of a case are no binary fractions: 0.52 - 0.5 is more than 0.02.
        private const double RoundingSlack = 1e-9;

        /// <inheritdoc/>
        public override bool Accepts(double got) => Math.Abs(got - Value) <= Tolerance + RoundingSlack;

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:0.###}±{Tolerance:0.###}");
    }

    /// <summary>A span, both ends included.</summary>
    /// <param name="Min">The least.</param>
    /// <param name="Max">The most.</param>
    public sealed record Between(double Min, double Max) : ExpectedValue
    {
        /// <inheritdoc/>
        public override bool Accepts(double got) => got >= Min && got <= Max;

        /// <inheritdoc/>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Min:0.###}..{Max:0.###}");
    }

    /// <summary>Nothing: 0.</summary>
    public sealed record Zero : ExpectedValue
    {
        /// <inheritdoc/>
        public override bool Accepts(double got) => got == 0;

        /// <inheritdoc/>
        public override string ToString() => "0";
    }

    /// <summary>More than 0.</summary>
    public sealed record Positive : ExpectedValue
    {
        /// <inheritdoc/>
        public override bool Accepts(double got) => got > 0;

        /// <inheritdoc/>
        public override string ToString() => "+";
    }
}
