namespace DevOps.Archives.Compression.Deflate;

/// <summary>Where a stream is cut. The cuts decide the output's bytes, so <see cref="Version1"/> never changes: other rules are another version.</summary>
/// <param name="WindowBytes">W: how far a border looks to either side. More than this lies between two natural borders, and about twice as much on average.</param>
/// <param name="MaxSegmentBytes">The longest segment; more than W.</param>
/// <param name="DensityBits">One position in two to the power of this is a hit, 2 to 31.</param>
/// <remarks>
/// <para>A <em>hit</em> is a position whose next eight bytes <see cref="BorderHash"/> picks. A <em>candidate</em> is a hit without another in the <see cref="HitSpacingBytes"/> - 1 bytes before it.</para>
/// <para>
/// A <em>natural border</em> is a candidate whose <see cref="BorderHash.Key"/> is lower than that of each candidate up to W before it, and not higher than that of any up to W behind it. It hangs on
/// no more than the W + 63 bytes before it and the W + 8 from it on, so equal content has equal natural borders wherever it stands.
/// </para>
/// <para>
/// A <em>forced border</em> cuts a segment that would be longer than the maximum, at the maximum. Natural borders know nothing of it. The stream's beginning and end are borders without a
/// candidate, and there is nothing to look at beyond them.
/// </para>
/// </remarks>
internal readonly record struct SegmentRules(int WindowBytes, int MaxSegmentBytes, int DensityBits)
{
    internal const int HitSpacingBytes = 64;

    internal static SegmentRules Version1 => new(WindowBytes: 320 << 10, MaxSegmentBytes: 1280 << 10, DensityBits: 12);

    /// <summary>A hash above this is a hit.</summary>
    internal int Threshold => int.MaxValue - (int)(1u << (32 - DensityBits));
}
