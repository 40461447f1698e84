using System.Text;

namespace DevOps.Pipelines;

/// <summary>Draws the jobs at work below the lines of those that ended.</summary>
internal sealed class LiveView : PipelineView
{
    private const int MaxJobs = 12;

    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(100);

    private readonly StringBuilder _ended = new();
    private readonly ITimer _frames;
    private int _drawnLines;
    private bool _isStarted;
    private bool _isPaused;
    private bool _isHidden;
    private bool _isStopped;

    internal LiveView(TextWriter output, ViewOptions? options) : base(output, options) =>
        _frames = Options.TimeProvider.CreateTimer(static view => ((LiveView)view!).Frame(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private protected override bool TellsOfSilence => false;

    private protected override void Show(PipelineEvent happened)
    {
        if (IsKept(happened))
        {
            foreach (string line in EventLines.Of(happened, Running, Options))
            {
                _ended.Append(line).Append('\n');
            }
        }

        if (happened is RunFinished)
        {
            Stop();
        }
        else if (!_isStarted && !_isStopped)
        {
            _isStarted = true;
            Draw();
            _frames.Change(FrameTime, FrameTime);
        }
    }

    private protected override void SetPaused(bool isPaused)
    {
        _isPaused = isPaused;
        if (isPaused)
        {
            Write(Erased() + ShownCursor());
        }
    }

    private protected override void Close() => Stop();

    // What is drawn over would be gone for whoever reads back; the rest is seen only while it happens.
    private bool IsKept(PipelineEvent happened) => happened is RunStarted or RunFinished or JobFinished or JobRetried or JobsAdded or ApprovalRequested or ApprovalDecided
        || (happened is JobLogged && Options.Output == ShownOutput.OfAllJobs);

    private void Frame() => Locked(() =>
    {
        if (_isStarted && !_isPaused && !_isStopped)
        {
            Draw();
        }
    });

    private void Draw()
    {
        StringBuilder frame = new();
        if (!_isHidden)
        {
            frame.Append("\e[?25l");
            _isHidden = true;
        }

        frame.Append(Erased()).Append(_ended);
        _ended.Clear();
        foreach (RunningJobs.RunningJob job in Running.Jobs.Take(MaxJobs))
        {
            string time = TimeText.Write(Options.TimeProvider.GetElapsedTime(job.StartedAt));
            Append(frame, $"> {ViewText.Line(job.Name).PadRight(Running.NameWidth)}  {time,-12}  {ViewText.Line(job.Text)}");
        }

        int more = Running.Jobs.Count - MaxJobs;
        Append(frame, $"  {Running.Ended} of {Running.Total} jobs ended, {Running.Jobs.Count} at work{(more > 0 ? $", {more} of them not shown" : "")}");
        Write(frame.ToString());
    }

    private void Append(StringBuilder frame, string line)
    {
        // The last column stays free: terminals differ in when they go to the next line.
        frame.Append(ViewText.Fit(line.TrimEnd(), Options.Width - 1)).Append('\n');
        _drawnLines++;
    }

    private string Erased()
    {
        string erased = _drawnLines == 0 ? "" : $"\e[{_drawnLines}A\r\e[J";
        _drawnLines = 0;
        return erased;
    }

    private string ShownCursor()
    {
        string shown = _isHidden ? "\e[?25h" : "";
        _isHidden = false;
        return shown;
    }

    private void Stop()
    {
        _frames.Dispose();
        _isStopped = true;
        Write(Erased() + _ended + ShownCursor());
        _ended.Clear();
    }
}
