using DevOps.Content;
using DevOps.Oci;

namespace Cli;

/// <summary>Adds up what is told of contents on their way. Knows no clock: every event comes with its time since the beginning.</summary>
internal sealed class Transfer
{
    /// <summary>How far back the speed looks: long enough to be calm, and short enough to tell of a change.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan SampleDistance = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<Digest, (long Done, long Size)> _open = [];
    private readonly Queue<(TimeSpan At, long Done)> _samples = new([(TimeSpan.Zero, 0)]);
    private (TimeSpan At, long Done) _latest;
    private TimeSpan _lastSample;
    private bool _isSampled = true;
    private long _finishedBytes;
    private int _finished;
    private int _present;
    private bool _isPlanned;

    private long DoneBytes => _finishedBytes + _open.Values.Sum(content => content.Done);

    /// <summary>Says which contents will move, so that there is a total. What turns out to be there already does not count.</summary>
    internal void Plan(IEnumerable<Descriptor> contents)
    {
        _isPlanned = true;
        foreach (Descriptor content in contents)
        {
            _open.TryAdd(content.Digest, (0, content.SizeBytes));
        }
    }

    internal void Add(ContentProgress progress, TimeSpan at)
    {
        Digest digest = progress.Descriptor.Digest;
        switch (progress.Phase)
        {
            case ContentPhase.Started or ContentPhase.Advanced:
                _open[digest] = (progress.TransferredBytes, progress.Descriptor.SizeBytes);
                break;
            case ContentPhase.Copied:
                _open.Remove(digest);
                _finishedBytes += progress.Descriptor.SizeBytes;
                _finished++;
                break;
            case ContentPhase.Mounted or ContentPhase.Skipped:
                _open.Remove(digest);
                _present++;
                return;
            default:
                return;
        }

        Settle(at);
        (_latest, _isSampled) = ((at, DoneBytes), false);
        if (at - _lastSample >= SampleDistance)
        {
            Sample();
        }
    }

    internal TransferFigures At(TimeSpan now)
    {
        Settle(now);
        long done = DoneBytes;
        (TimeSpan since, long before) = _samples.Peek();

        // Between the oldest sample and the window nothing moved, or there would be another sample.
        since = since < now - Window ? now - Window : since;
        TimeSpan span = now - since;
        return new()
        {
            DoneBytes = done,
            TotalBytes = _isPlanned ? _finishedBytes + _open.Values.Sum(content => content.Size) : null,

            // What is counted twice after an upload began anew goes away again: no speed is negative.
            BytesPerSecond = done > 0 && span >= TransferFigures.FirstSpeedAfter ? Math.Max(0, done - before) / span.TotalSeconds : null,
            Elapsed = now,
            Finished = _finished,
            Present = _present,
        };
    }

    // The last event before a pause counts, however soon it came after another: else it would be speed for as long as the pause lasts.
    private void Settle(TimeSpan now)
    {
        if (!_isSampled && now - _latest.At >= SampleDistance)
        {
            Sample();
        }

        while (_samples.Count > 1 && _samples.ElementAt(1).At <= now - Window)
        {
            _samples.Dequeue();
        }
    }

    private void Sample()
    {
        _samples.Enqueue(_latest);
        (_lastSample, _isSampled) = (_latest.At, true);
    }
}
