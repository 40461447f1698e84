using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text;

namespace DevOps.Pipelines.Testing;

/// <summary>Stands in for the processes of a pipeline: nothing is started, each answers as it was told, and what was asked for is kept. A process that nobody foresaw is an error.</summary>
public sealed class ScriptedProcesses : IProcessRunner
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly Func<string?> _job;
    private readonly List<Rule> _rules = [];
    private ImmutableArray<ProcessInvocation> _invocations = [];
    private ImmutableArray<string> _unexpected = [];

    /// <summary>Creates a stand-in without answers.</summary>
    /// <param name="timeProvider">The clock by which processes take their time.</param>
    public ScriptedProcesses(TimeProvider timeProvider) : this(timeProvider, static () => null)
    {
    }

    internal ScriptedProcesses(TimeProvider timeProvider, Func<string?> job)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        (_timeProvider, _job) = (timeProvider, job);
    }

    /// <summary>Gets what was asked for, in order.</summary>
    public ImmutableArray<ProcessInvocation> Invocations
    {
        get
        {
            lock (_lock)
            {
                return _invocations;
            }
        }
    }

    /// <summary>Gets the commands that no answer was given for.</summary>
    public ImmutableArray<string> Unexpected
    {
        get
        {
            lock (_lock)
            {
                return _unexpected;
            }
        }
    }

    /// <summary>Says how processes answer. What is said last counts first, so that a test can go apart from what it shares with others.</summary>
    /// <param name="fileName">The program, as the pipeline names it; <c>*</c> stands for any characters.</param>
    /// <param name="arguments">The first arguments, one by one; <c>*</c> stands for any characters. More may follow.</param>
    /// <param name="answers">The answers, one for each time; the last one stays. Ends well at once if there are none.</param>
    /// <returns>These processes.</returns>
    public ScriptedProcesses On(string fileName, IEnumerable<string> arguments, params ProcessAnswer[] answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        int next = 0;
        return On(fileName, arguments, _ => answers.Length == 0 ? ProcessAnswer.Ok : answers[Math.Min(next++, answers.Length - 1)]);
    }

    /// <summary>Says how processes answer. What is said last counts first, so that a test can go apart from what it shares with others.</summary>
    /// <param name="fileName">The program, as the pipeline names it; <c>*</c> stands for any characters.</param>
    /// <param name="arguments">The first arguments, one by one; <c>*</c> stands for any characters. More may follow.</param>
    /// <param name="answer">Makes the answer. It is called by one thread at a time.</param>
    /// <returns>These processes.</returns>
    public ScriptedProcesses On(string fileName, IEnumerable<string> arguments, Func<ProcessRequest, ProcessAnswer> answer)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(answer);
        lock (_lock)
        {
            _rules.Insert(0, new(fileName, [.. arguments], answer));
        }

        return this;
    }

    /// <inheritdoc/>
    /// <exception cref="PipelineTestException">Nobody said how this process answers.</exception>
    public async Task<ProcessExit> RunAsync(ProcessRequest request, IProcessSink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(sink);
        cancellationToken.ThrowIfCancellationRequested();
        ProcessAnswer answer = Answer(request);
        if (answer.StartError is { } reason)
        {
            throw new ProcessStartException(request.FileName, reason);
        }

        Write(sink, LogSource.Output, answer.Output);
        Write(sink, LogSource.Error, answer.ErrorOutput);
        bool timesOut = request.Timeout is { } timeout && timeout < answer.Duration;
        TimeSpan duration = timesOut ? request.Timeout!.Value : answer.Duration;
        if (duration > TimeSpan.Zero)
        {
            await Task.Delay(duration, _timeProvider, cancellationToken).ConfigureAwait(false);
        }

        return timesOut ? new(128 + ProcessSignals.Terminate, duration) { TimedOut = true } : new(answer.ExitCode, duration);
    }

    private ProcessAnswer Answer(ProcessRequest request)
    {
        lock (_lock)
        {
            ProcessInvocation invocation = new(_job(), _timeProvider.GetUtcNow(), request);
            _invocations = _invocations.Add(invocation);
            if (_rules.Find(rule => rule.Covers(request)) is { } found)
            {
                return found.Answer(request);
            }

            string problem = $"{(invocation.Job is { } job ? $"'{job}' ran" : "somebody ran")} '{invocation.Command}', and no answer was given for it";
            _unexpected = _unexpected.Add(problem);
            throw new PipelineTestException($"{problem}. Add .Processes.On(\"{request.FileName}\", [...], new ProcessAnswer {{ ... }}). Answers were given for:", _rules.Select(rule => rule.ToString()).DefaultIfEmpty("nothing"));
        }
    }

    private static void Write(IProcessSink sink, LogSource source, ImmutableArray<string> lines)
    {
        foreach (string line in lines)
        {
            sink.Write(source, Encoding.UTF8.GetBytes(line + "\n"));
        }
    }

    private sealed record Rule(string FileName, ImmutableArray<string> Arguments, Func<ProcessRequest, ProcessAnswer> Answer)
    {
        internal bool Covers(ProcessRequest request) =>
            Matches(FileName, request.FileName)
            && Arguments.Length <= request.Arguments.Length
            && Arguments.Zip(request.Arguments).All(pair => Matches(pair.First, pair.Second));

        public override string ToString() => CommandText.Of(FileName, Arguments.Add("..."), []);

        private static bool Matches(string pattern, string text) => pattern.Contains('*', StringComparison.Ordinal)
            ? FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), text, ignoreCase: false)
            : string.Equals(pattern, text, StringComparison.Ordinal);
    }
}
