namespace DevOps.Archives.Packing;

/// <summary>A part of the content on its way through the stages. Filled by several threads, then read by several; it goes back to its lane when nobody holds it.</summary>
internal sealed class PackBuffer(BufferLane lane, NativeBuffer memory, bool isExtra)
{
    internal const int CapacityBytes = 2 << 20;

    private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _fillers = 1;
    private int _holders = 1;

    internal NativeBuffer Memory { get; } = memory;

    internal bool IsExtra { get; } = isExtra;

    /// <summary>Gets how many bytes are in it, or will be.</summary>
    internal int Length { get; private set; }

    internal int Room => CapacityBytes - Length;

    /// <summary>Completes when the buffer is sealed and all that was promised is in it.</summary>
    internal Task Filled => _filled.Task;

    internal ReadOnlySpan<byte> Content => Memory.GetSpan()[..Length];

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Memory.GetSpan()[Length..]);
        Length += bytes.Length;
    }

    internal void Clear(int length)
    {
        Memory.GetSpan().Slice(Length, length).Clear();
        Length += length;
    }

    /// <summary>Gets the free part; <see cref="Advance"/> takes it.</summary>
    internal Memory<byte> Free => Memory.Memory[Length..];

    internal void Advance(int length) => Length += length;

    /// <summary>Promises bytes that come later, from another thread, and end with <see cref="EndFill"/>.</summary>
    internal Memory<byte> Promise(int length)
    {
        Interlocked.Increment(ref _fillers);
        Memory<byte> part = Memory.Memory.Slice(Length, length);
        Length += length;
        return part;
    }

    /// <summary>Ends what <see cref="Promise"/> began, or for who fills the buffer all of it.</summary>
    internal void EndFill()
    {
        if (Interlocked.Decrement(ref _fillers) == 0)
        {
            _filled.SetResult();
        }
    }

    internal void Hold() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            lane.Return(this);
        }
    }
}
