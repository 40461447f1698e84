using System.Runtime.ExceptionServices;

namespace DevOps.Registry;

/// <summary>Reads a blob in several ranges at once and gives their bytes out in order.</summary>
/// <remarks>
/// The blob is cut into ranges of equal size, which the lanes take in turn, as cards are dealt: what is read next is always what came first, so no lane runs ahead by more than a range. Each range is resumed, limited in its silence and
/// checked by itself, as a <see cref="BlobBody"/> is. Where a range is answered with the whole, the rest is read as one stream. Source: RFC 9110, section 14.
/// </remarks>
internal sealed class RangedBody : ReadOnlyContent
{
    private readonly BlobRangeOptions _options;
    private readonly long _totalBytes;
    private readonly Func<long, long, bool, BlobBody> _open;
    private readonly CancellationTokenSource _stop = new();
    private readonly RangeLane[] _lanes;
    private BlobBody? _rest;
    private Task? _ended;
    private long _at;

    /// <summary>Begins to read.</summary>
    /// <param name="options">How many ranges, and how large.</param>
    /// <param name="totalBytes">The size of the blob.</param>
    /// <param name="first">The first range, whose answer is there; disposed with this stream.</param>
    /// <param name="open">Makes the body from one offset to another, which takes the whole for an answer or not.</param>
    internal RangedBody(BlobRangeOptions options, long totalBytes, BlobBody first, Func<long, long, bool, BlobBody> open)
    {
        (_options, _totalBytes, _open) = (options, totalBytes, open);
        long ranges = ((totalBytes - 1) / options.RangeBytes) + 1;
        _lanes = new RangeLane[(int)Math.Min(options.MaxRanges, ranges)];
        for (int i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new(options.RangeBytes, RangesOf(i, i == 0 ? first : null), _stop.Token);
        }
    }

    public override long Length => _totalBytes;

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_ended is not null && _rest is null, this);
        if (buffer.IsEmpty || _at >= _totalBytes)
        {
            return 0;
        }

        int read = _rest is null ? await ReadLaneAsync(buffer, cancellationToken).ConfigureAwait(false) : 0;
        if (_rest is not null)
        {
            read = await _rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        _at += read;
        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The lanes are told to stop, and do that in their own time.
            _ = EndAsync();
            _rest?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadLaneAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        long range = _at / _options.RangeBytes;
        RangeLane lane = _lanes[range % _lanes.Length];
        long left = Math.Min((range + 1) * _options.RangeBytes, _totalBytes) - _at;
        int read = await lane.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            if (lane.Failure is not RangeIgnoredException)
            {
                ExceptionDispatchInfo.Throw(lane.Failure!);
            }

            await EndAsync().ConfigureAwait(false);
            _rest = _open(_at, _totalBytes, true);
        }

        return read;
    }

    private IEnumerable<BlobBody> RangesOf(int lane, BlobBody? first)
    {
        long step = (long)_lanes.Length * _options.RangeBytes;
        for (long start = (long)lane * _options.RangeBytes; start < _totalBytes; start += step)
        {
            yield return start == 0 && first is not null ? first : _open(start, Math.Min(start + _options.RangeBytes, _totalBytes), false);
        }
    }

    private Task EndAsync() => _ended ??= StopAsync();

    private async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (RangeLane lane in _lanes)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }
}
