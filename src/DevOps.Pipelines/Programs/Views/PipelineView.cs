using System.Text;

namespace DevOps.Pipelines;

/// <summary>Shows a run to people as text, for <see cref="RunOptions.Progress"/>. Lines are written whole, whatever runs at the same time; characters that steer a terminal are replaced.</summary>
/// <remarks>The writer stays open. Dispose the view after the run: that gives the terminal back as it was. A view shows one run.</remarks>
public abstract class PipelineView : IProgress<PipelineEvent>, IDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly TextWriter _output;
    private readonly Lock _lock = new();
    private readonly ITimer _silence;
    private long _lastWrite;
    private bool _isDisposed;

    private protected PipelineView(TextWriter output, ViewOptions? options)
    {
        ArgumentNullException.ThrowIfNull(output);
        (_output, Options) = (output, options ?? ViewOptions.Default);
        _lastWrite = Options.TimeProvider.GetTimestamp();
        _silence = Options.TimeProvider.CreateTimer(static view => ((PipelineView)view!).BreakSilence(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the marks of the CI system that reads the lines, if one does.</summary>
    internal ILogMarkup? Markup { get; init; }

    /// <summary>Gets how the run is shown.</summary>
    private protected ViewOptions Options { get; }

    private protected RunningJobs Running { get; } = new();

    /// <summary>Returns a view of lines, each with the name of its job in front, for logs and pipes. After a minute without a line it tells what is still running.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="options">How; <see cref="ViewOptions.Default"/> if <see langword="null"/>.</param>
    public static PipelineView Plain(TextWriter output, ViewOptions? options = null) => new PlainView(output, options);

    /// <summary>Returns a view that shows only what went wrong, approvals that wait, and the summary.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="options">How; <see cref="ViewOptions.Default"/> if <see langword="null"/>.</param>
    public static PipelineView Quiet(TextWriter output, ViewOptions? options = null) => new QuietView(output, options);

    /// <summary>Returns a view that draws the jobs at work over and over below the lines of those that ended, at most ten times a second. It needs a terminal that understands ANSI escape sequences.</summary>
    /// <param name="output">The terminal.</param>
    /// <param name="options">How; <see cref="ViewOptions.Default"/> if <see langword="null"/>.</param>
    public static PipelineView Live(TextWriter output, ViewOptions? options = null) => new LiveView(output, options);

    /// <summary>Returns a view for the log of GitHub Actions: a group for each job that ended, and an error for each that failed. Lines of logs that are workflow commands are made harmless.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="options">How; <see cref="ViewOptions.Default"/> if <see langword="null"/>.</param>
    public static PipelineView GitHubActions(TextWriter output, ViewOptions? options = null) => new SectionedView(output, options, new GitHubMarkup());

    /// <summary>Returns a view for the log of GitLab CI: a collapsed section for each job that ended.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="options">How; <see cref="ViewOptions.Default"/> if <see langword="null"/>.</param>
    public static PipelineView GitLab(TextWriter output, ViewOptions? options = null) => new SectionedView(output, options, new GitLabMarkup());

    /// <summary>Returns a view for the log of TeamCity: a block for each job that ended, and a build problem for each that failed.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="options">How; <see cref="ViewOptions.Default"/> if <see langword="null"/>.</param>
    public static PipelineView TeamCity(TextWriter output, ViewOptions? options = null) => new SectionedView(output, options, new TeamCityMarkup());

    /// <summary>Shows an event. Safe to call from any thread.</summary>
    /// <param name="value">The event.</param>
    public void Report(PipelineEvent value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            Running.Take(value, Options.TimeProvider.GetTimestamp());
            if (value is RunStarted)
            {
                _silence.Change(LongestSilence, Timeout.InfiniteTimeSpan);
            }

            Show(value);
        }
    }

    /// <summary>Gives the terminal back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _silence.Dispose();
                Close();
            }
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Lets someone else write to the terminal, as a question to a person; what happens meanwhile is shown afterwards where lines are drawn over.</summary>
    internal void Pause()
    {
        lock (_lock)
        {
            SetPaused(isPaused: true);
        }
    }

    internal void Resume()
    {
        lock (_lock)
        {
            SetPaused(isPaused: false);
        }
    }

    private protected abstract void Show(PipelineEvent happened);

    private protected virtual void SetPaused(bool isPaused)
    {
    }

    private protected virtual void Close()
    {
    }

    /// <summary>Gets whether a long silence is broken.</summary>
    private protected virtual bool TellsOfSilence => true;

    /// <summary>Calls under the view's lock, unless the view is disposed.</summary>
    private protected void Locked(Action action)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                action();
            }
        }
    }

    /// <summary>Writes text at once; lines end with <c>\n</c>.</summary>
    private protected void Write(string text)
    {
        if (text.Length > 0)
        {
            _output.Write(text);
            _output.Flush();
            _lastWrite = Options.TimeProvider.GetTimestamp();
        }
    }

    /// <summary>Returns a line that is no command to the CI system.</summary>
    private protected string Harmless(string line) => Markup?.Line(line) ?? line;

    private protected void WriteLines(IEnumerable<string> lines)
    {
        StringBuilder text = new();
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }

        Write(text.ToString());
    }

    private void BreakSilence()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            TimeSpan left = LongestSilence - Options.TimeProvider.GetElapsedTime(_lastWrite);
            if (left <= TimeSpan.Zero)
            {
                if (TellsOfSilence && Running.Told(Options.TimeProvider) is { } told)
                {
                    Write(Harmless(told) + "\n");
                }

                left = LongestSilence;
            }

            _silence.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
