using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Tells from its first bytes how a layer is compressed.</summary>
internal static class CompressionMagic
{
    internal static bool IsCompressed(ReadOnlySpan<byte> start) => LayerTypeOf(start) != MediaTypes.Layer;

    /// <remarks>Source: RFC 1952, section 2.3.1; RFC 8878, sections 3.1.1 and 3.1.2 (a frame, or a skippable frame).</remarks>
    internal static string LayerTypeOf(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => MediaTypes.LayerGzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => MediaTypes.LayerZstd,
        [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => MediaTypes.LayerZstd,
        _ => MediaTypes.Layer,
    };
}
