using System.Buffers;

namespace DevOps.Pipelines;

/// <summary>Changes one stream of bytes as it passes, piece by piece: what hides secrets before bytes become lines.</summary>
internal interface IByteFilter
{
    /// <summary>Takes the next piece, and passes on all that is decided by now.</summary>
    void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output);

    /// <summary>Tells that no more comes: passes on what was held back.</summary>
    void Complete(IBufferWriter<byte> output);
}
