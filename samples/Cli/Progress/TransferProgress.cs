using DevOps.Archives.Packing;
using DevOps.Content;
using DevOps.Docker;
using DevOps.Oci;

namespace Cli;

/// <summary>Shows a transfer as it goes, and the making of layers before or with it: a bar on a terminal, elsewhere a line for each content and one now and then. Safe for use by several threads.</summary>
internal sealed class TransferProgress : IProgress<ContentProgress>, IProgress<LayerProgress>, IDisposable
{
    private const int UsualColumns = 80;

    private static readonly TimeSpan BarPause = TimeSpan.FromMilliseconds(125);
    private static readonly TimeSpan LinePause = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly Transfer _transfer = new();
    private readonly Dictionary<string, PackProgress> _packing = [];
    private readonly Output _output;
    private readonly TimeProvider _clock;
    private readonly Func<int> _columns;
    private readonly long _start;
    private readonly TimeSpan _pause;
    private readonly ITimer _timer;
    private bool _isClosed;

    /// <summary>Begins to show.</summary>
    /// <param name="output">Where.</param>
    /// <param name="clock">The clock; the system's if <see langword="null"/>.</param>
    /// <param name="columns">How wide the terminal is; asked each time, as it changes.</param>
    internal TransferProgress(Output output, TimeProvider? clock = null, Func<int>? columns = null)
    {
        (_output, _clock, _columns) = (output, clock ?? TimeProvider.System, columns ?? TerminalWidth);
        _start = _clock.GetTimestamp();
        _pause = output.Style switch { ProgressStyle.Bar => BarPause, ProgressStyle.Plain => LinePause, _ => Timeout.InfiniteTimeSpan };

        // By the clock and not by events, so that a transfer that stands still is seen to.
        _timer = _clock.CreateTimer(_ => Show(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets or sets what stands before the figures.</summary>
    internal string Prefix { get; set; } = "";

    /// <summary>Gets or sets whether each content has a line of its own where there is no bar.</summary>
    internal bool TellsContents { get; init; } = true;

    internal void Plan(IEnumerable<Descriptor> contents)
    {
        lock (_lock)
        {
            _transfer.Plan(contents);
        }
    }

    public void Report(ContentProgress value)
    {
        lock (_lock)
        {
            _transfer.Add(value, _clock.GetElapsedTime(_start));
        }

        if (TellsContents && _output.Style == ProgressStyle.Plain && Word(value.Phase) is { } word)
        {
            _output.Progress($"{word,-8} {value.Descriptor.Digest} {Output.Bytes(value.Descriptor.SizeBytes)}");
        }
    }

    public void Report(LayerProgress value)
    {
        lock (_lock)
        {
            if (value.Built is null)
            {
                _packing[value.Description] = value.Bytes;
            }
            else
            {
                _packing.Remove(value.Description);
            }
        }
    }

    /// <summary>Says at the end what was done. Without it the bar only goes away, as after an error.</summary>
    internal void Complete()
    {
        TransferFigures figures = Figures();
        Dispose();
        if (_output.Style is ProgressStyle.Bar or ProgressStyle.Plain)
        {
            _output.Progress(TransferText.Summary(figures));
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        _output.Status.Clear();
    }

    private void Show()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _timer.Change(_pause, Timeout.InfiniteTimeSpan);
            TransferFigures figures = Figures();
            PackProgress packed = new(_packing.Values.Sum(layer => layer.TarBytes), _packing.Values.Sum(layer => layer.CompressedBytes), _packing.Values.Sum(layer => layer.WrittenBytes));
            if (packed.CompressedBytes > 0)
            {
                Show(TransferText.Packing(packed, figures.Elapsed, _output.Style == ProgressStyle.Bar ? _columns() : int.MaxValue));
            }
            else if (figures is not { DoneBytes: 0, TotalBytes: null or 0 })
            {
                Show(_output.Style == ProgressStyle.Bar ? TransferText.Bar(figures, _columns(), Prefix) : TransferText.Line(figures, Prefix));
            }
        }
    }

    private void Show(string text)
    {
        if (_output.Style == ProgressStyle.Bar)
        {
            _output.Status.Show(text);
        }
        else
        {
            _output.Progress(text);
        }
    }

    private TransferFigures Figures()
    {
        lock (_lock)
        {
            return _transfer.At(_clock.GetElapsedTime(_start));
        }
    }

    private static string? Word(ContentPhase phase) => phase switch
    {
        ContentPhase.Copied => "copied",
        ContentPhase.Mounted => "mounted",
        ContentPhase.Skipped => "present",
        _ => null,
    };

    private static int TerminalWidth() => Console.WindowWidth is > 0 and var columns ? columns : UsualColumns;
}
