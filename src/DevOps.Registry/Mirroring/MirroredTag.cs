using System.Globalization;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What a mirror did with one tag.</summary>
/// <param name="Source">The tag at the source.</param>
/// <param name="Target">The tag at the target.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record MirroredTag(ImageReference Source, ImageReference Target, MirrorOutcome Outcome)
{
    /// <summary>Gets what the target has under the tag, or had before it was removed; <see langword="null"/> if that is not known.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Gets how many bytes were moved, or would be.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets why, for failures and refusals.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets the error of a failure.</summary>
    public Exception? Error { get; init; }

    /// <summary>Returns where the tag goes and what became of it, as one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Target}: {OutcomeText.Of(Outcome)}{(Bytes > 0 ? $" ({Bytes} bytes)" : "")}{(Reason is null ? "" : $": {Reason}")}");
}
