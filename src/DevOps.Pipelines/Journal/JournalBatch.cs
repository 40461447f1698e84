using System.Buffers;

namespace DevOps.Pipelines;

/// <summary>Frames that are written and flushed together, and the task of those that wait for it.</summary>
internal sealed class JournalBatch
{
    private const int FirstBytes = 4 << 10;

    // Whoever awaits must not run on the thread that writes.
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _bytes = [];

    internal int LengthBytes { get; private set; }

    internal int Records { get; private set; }

    internal Task Durable => _durable.Task;

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, LengthBytes);

    internal void Add(long number, ReadOnlySpan<byte> record, uint recordCheck)
    {
        int frameBytes = record.Length + JournalFrame.OverheadBytes;
        Reserve(LengthBytes + frameBytes);
        JournalFrame.Write(number, record, recordCheck, _bytes.AsSpan(LengthBytes, frameBytes));
        LengthBytes += frameBytes;
        Records++;
    }

    internal void Complete()
    {
        Return();
        _durable.SetResult();
    }

    internal void Fail(JournalWriteException error)
    {
        Return();
        _durable.SetException(error);

        // Who does not wait for a record does not want to hear of it from the finalizer either.
        _ = _durable.Task.Exception;
    }

    private void Reserve(int lengthBytes)
    {
        if (lengthBytes <= _bytes.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(lengthBytes, FirstBytes), (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
        Bytes.CopyTo(larger);
        Return();
        _bytes = larger;
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
