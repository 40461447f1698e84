namespace DevOps.Archives.Packing;

/// <summary>Has promised pieces of files read on the thread pool: small ones several at a time, and no more at once than there are workers.</summary>
internal sealed class FileReads(PackRun run)
{
    private const int BatchBytes = 256 << 10;
    private const int BatchPieces = 32;

    private readonly Queue<List<Piece>> _waiting = new();
    private List<Piece> _batch = [];
    private int _batchBytes;
    private int _readers;

    internal void Add(Piece piece)
    {
        _batch.Add(piece);
        _batchBytes += piece.Target.Length;
        if (_batchBytes >= BatchBytes || _batch.Count == BatchPieces)
        {
            Flush();
        }
    }

    /// <summary>Has everything read that was added.</summary>
    internal void Flush()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        lock (_waiting)
        {
            _waiting.Enqueue(_batch);
            if (_readers < run.Workers)
            {
                _readers++;
                ThreadPool.UnsafeQueueUserWorkItem(reads => reads.Work(), this, preferLocal: false);
            }
        }

        _batch = [];
        _batchBytes = 0;
    }

    private void Work()
    {
        while (Next() is { } batch)
        {
            foreach (Piece piece in batch)
            {
                piece.Read(run);
            }
        }
    }

    private List<Piece>? Next()
    {
        lock (_waiting)
        {
            if (_waiting.TryDequeue(out List<Piece>? batch))
            {
                return batch;
            }

            _readers--;
            return null;
        }
    }

    /// <summary>A piece of a file, and its place in a buffer.</summary>
    internal readonly record struct Piece(FileRead File, long Offset, Memory<byte> Target, PackBuffer Buffer)
    {
        internal void Read(PackRun run)
        {
            try
            {
                if (!run.Stopping.IsCancellationRequested)
                {
                    File.Read(Target.Span, Offset);
                }
            }
            catch (Exception exception)
            {
                run.Fail(exception);
            }

            File.End();
            Buffer.EndFill();
        }
    }
}
