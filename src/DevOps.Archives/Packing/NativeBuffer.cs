using System.Buffers;
using System.Runtime.InteropServices;

namespace DevOps.Archives.Packing;

/// <summary>Memory outside of the collected heap, with room behind its end that may be read and written.</summary>
internal sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private const int SlackBytes = 64;

    private readonly int _length;
    private byte* _start;

    internal NativeBuffer(int length)
    {
        _length = length;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)(length + SlackBytes), 64);
    }

    internal byte* Start => _start;

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new(_start + elementIndex);
    }

    public override void Unpin()
    {
    }

    internal void Dispose() => ((IDisposable)this).Dispose();

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
