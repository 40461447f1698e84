using System.Buffers;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace DevOps.Pipelines;

/// <summary>Carries bytes between a process and those who wait for them, as long as they may come.</summary>
internal sealed class OutputPump(Process process, IProcessSink sink) : IDisposable
{
    private const int BufferBytes = 16 << 10;

    // No pipe holds more than this (Linux, /proc/sys/fs/pipe-max-size): when more came after the end of the program, a helper is still writing.
    private const long MaxBytesLeftInPipes = (2 << 20) + (2 * BufferBytes);

    // Helpers that a program leaves behind may keep its output open. Once nothing came for so long after its end, all of its own has come.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    // Never disposed, for the sink may fail at any time; without a timer it holds nothing.
    private readonly CancellationTokenSource _failed = new();
    private readonly CancellationTokenSource _end = new();
    private Task _reading = Task.CompletedTask;
    private Exception? _error;
    private long _bytes;
    private int _writing;
    private bool _closed;

    /// <summary>Gets what tells that the sink failed.</summary>
    internal CancellationToken Failed => _failed.Token;

    internal void Start(ReadOnlyMemory<byte> input)
    {
        // On threads of their own: a program that writes without end must not keep the caller from seeing a cancellation.
        // The streams are taken here: a program may have ended, and all be given back, before such a thread begins.
        CancellationToken end = _end.Token;
        Stream standardOutput = process.StandardOutput.BaseStream;
        Stream standardError = process.StandardError.BaseStream;
        Stream standardInput = process.StandardInput.BaseStream;
        _reading = Task.WhenAll(
            Task.Run(() => ReadAsync(standardOutput, LogSource.Output, end), CancellationToken.None),
            Task.Run(() => ReadAsync(standardError, LogSource.Error, end), CancellationToken.None));
        _ = Task.Run(() => WriteAsync(standardInput, input, end), CancellationToken.None);
    }

    /// <summary>Waits for all that the process, which has ended, wrote; and not for helpers that it left.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        long atEnd = Interlocked.Read(ref _bytes);
        long seen;
        do
        {
            seen = Interlocked.Read(ref _bytes);
            await Task.WhenAny(_reading, Task.Delay(SilenceLimit, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();

            // While the sink is at work nobody reads: that is no silence of the process.
        }
        while (!_reading.IsCompleted && (Volatile.Read(ref _writing) > 0 || Interlocked.Read(ref _bytes) != seen) && Interlocked.Read(ref _bytes) - atEnd <= MaxBytesLeftInPipes);
        Close();
    }

    /// <summary>Gives what was written one short while to come, and takes no more: whoever cancels wants no more of it.</summary>
    internal async Task CloseAsync()
    {
        await Task.WhenAny(_reading, Task.Delay(SilenceLimit, CancellationToken.None)).ConfigureAwait(false);
        Close();
    }

    internal void ThrowIfFailed()
    {
        if (_error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    public void Dispose()
    {
        Close();
        _end.Cancel();
        _end.Dispose();
    }

    // The lock is held while the sink is at work, so that after this no call is on its way.
    private void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    private async Task ReadAsync(Stream stream, LogSource source, CancellationToken end)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, end).ConfigureAwait(false)) > 0 && HandOn(source, buffer.AsSpan(0, read)))
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The process is gone, and a helper that it left still holds the pipe.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool HandOn(LogSource source, ReadOnlySpan<byte> bytes)
    {
        Interlocked.Increment(ref _writing);
        try
        {
            lock (_lock)
            {
                if (_closed)
                {
                    return false;
                }

                sink.Write(source, bytes);
                return true;
            }
        }
        catch (Exception e)
        {
            Fail(e);
            return false;
        }
        finally
        {
            Interlocked.Add(ref _bytes, bytes.Length);
            Interlocked.Decrement(ref _writing);
        }
    }

    private void Fail(Exception error)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            (_error, _closed) = (error, true);
        }

        _failed.Cancel();
    }

    private static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> input, CancellationToken end)
    {
        try
        {
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(input, end).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // A process need not read its input.
        }
    }
}
