using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace DevOps.Pipelines;

/// <summary>Reads a journal's file from its beginning and checks every byte. Holds one chunk of 256 KiB, or one frame if that is longer; a length is believed only up to what the file has.</summary>
/// <remarks>
/// The file may end inside a frame, and its end may be zeros that a system wrote down before a crash instead of the bytes: this torn tail was never acknowledged and counts as not there. Four zeros are needed for it: no damage of one byte
/// to a whole journal looks like that. Everything else is damage.
/// </remarks>
internal sealed class JournalReader(SafeFileHandle file, string path)
{
    private const int ChunkBytes = 256 << 10;

    private long _end;
    private byte[] _chunk = [];
    private int _from;
    private int _to;

    /// <summary>Gets how many records were right so far.</summary>
    internal long Records { get; private set; }

    /// <summary>Gets where the last of them ends.</summary>
    internal long Position { get; private set; }

    /// <summary>Gets how long the file is, the torn tail included.</summary>
    internal long LengthBytes => _end;

    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(long maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _end = Math.Min(maxBytes, RandomAccess.GetLength(file));
        int headerBytes = (int)Math.Min(JournalHeader.LengthBytes, _end);
        await FillAsync(headerBytes, cancellationToken).ConfigureAwait(false);
        JournalHeader.Read(_chunk.AsSpan(_from, Math.Min(headerBytes, _to - _from)), path);
        Advance(JournalHeader.LengthBytes);
        while (await HasAsync(JournalFrame.HeadBytes, cancellationToken).ConfigureAwait(false))
        {
            if (!JournalFrame.TryReadHead(Records, _chunk.AsSpan(_from, JournalFrame.HeadBytes), out int lengthBytes))
            {
                await CheckTornAsync(JournalFrame.HeadBytes, $"the head of record {Records}", cancellationToken).ConfigureAwait(false);
                yield break;
            }

            int frameBytes = lengthBytes + JournalFrame.OverheadBytes;
            if (!await HasAsync(frameBytes, cancellationToken).ConfigureAwait(false))
            {
                yield break;
            }

            ReadOnlyMemory<byte> frame = _chunk.AsMemory(_from, frameBytes);
            if (!JournalFrame.IsWhole(frame.Span))
            {
                await CheckTornAsync(frameBytes, $"record {Records} of {lengthBytes} bytes and its check", cancellationToken).ConfigureAwait(false);
                yield break;
            }

            Advance(frameBytes);
            Records++;
            yield return frame[JournalFrame.HeadBytes..^JournalFrame.TailBytes];
        }
    }

    private void Advance(int bytes)
    {
        _from += bytes;
        Position += bytes;
    }

    private ValueTask<bool> HasAsync(int bytes, CancellationToken cancellationToken) =>
        _to - _from >= bytes ? new(true) : _end - Position < bytes ? new(false) : FillAsync(bytes, cancellationToken);

    // The chunk is never used again once it holds records that were yielded: they stay valid.
    private async ValueTask<bool> FillAsync(int bytes, CancellationToken cancellationToken)
    {
        byte[] next = GC.AllocateUninitializedArray<byte>((int)Math.Min(_end - Position, Math.Max(bytes, ChunkBytes)));
        int held = _to - _from;
        _chunk.AsSpan(_from, held).CopyTo(next);
        (_chunk, _from, _to) = (next, 0, held);
        while (_to < next.Length)
        {
            int read = await RandomAccess.ReadAsync(file, next.AsMemory(_to), Position + _to, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                // The writer took back what it could not finish, while this read without the lease.
                _end = Position + _to;
                break;
            }

            _to += read;
        }

        return _to >= bytes;
    }

    private async ValueTask CheckTornAsync(int bytes, string expected, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkBytes];
        for (long at = Math.Min(Position + bytes - 1, _end - 4); at < _end;)
        {
            int read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(buffer.Length, _end - at)), at, cancellationToken).ConfigureAwait(false);
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                throw new JournalDamagedException(path, Position, expected, "bytes that do not agree with it", "Restore the file from a backup. " +
                    $"Or cut it to {Position} bytes: the run then goes on after its first {Records} records, and what was done after them may be done again.");
            }

            if (read == 0)
            {
                return;
            }

            at += read;
        }
    }
}
