using System.Globalization;
using DevOps.Content;
using DevOps.Oci;

namespace Cli;

/// <summary>One line of a terminal that shows how far a transfer is: bytes, speed and the time that is left. Safe for use by several threads.</summary>
internal sealed class TransferBar(TextWriter terminal, TimeProvider clock)
{
    private const int Cells = 24;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, (long Done, long Total)> _contents = [];
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _drawn = TimeSpan.MinValue;
    private long _plannedBytes;
    private bool _isShown;

    /// <summary>Says how much will move in all.</summary>
    internal void Plan(long bytes) => _plannedBytes = bytes;

    internal void Report(ContentProgress progress)
    {
        if (progress.Phase is not (ContentPhase.Started or ContentPhase.Advanced or ContentPhase.Copied))
        {
            return;
        }

        lock (_lock)
        {
            _contents[progress.Descriptor.Digest] = (progress.TransferredBytes, progress.Descriptor.SizeBytes);
            TimeSpan now = clock.GetElapsedTime(_start);
            if (_drawn == TimeSpan.MinValue || now - _drawn >= Pause)
            {
                _drawn = now;
                Draw(now);
            }
        }
    }

    /// <summary>Draws the last state and leaves the line.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            if (_isShown)
            {
                Draw(clock.GetElapsedTime(_start));
                terminal.WriteLine();
                _isShown = false;
            }
        }
    }

    private void Draw(TimeSpan elapsed)
    {
        long done = _contents.Values.Sum(content => content.Done);
        long total = Math.Max(_plannedBytes, _contents.Values.Sum(content => content.Total));
        double part = total == 0 ? 1 : (double)done / total;
        double speed = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        string left = done >= total ? "done" : speed > 0 ? $"{Text(TimeSpan.FromSeconds(Math.Min((total - done) / speed, 359_999)))} left" : "";
        string bar = new string('#', (int)(part * Cells)).PadRight(Cells, '.');

        // Behind the text, the rest of a longer line before it is cleared.
        terminal.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{bar}] {part * 100,3:F0} % {Output.Bytes(done)} of {Output.Bytes(total)} {Output.Bytes((long)speed)}/s {left}\u001b[K"));
        _isShown = true;
    }

    private static string Text(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
}
