using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using DevOps.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>Spans, metrics and log messages. Names and values: OpenTelemetry semantic conventions for CI/CD.</summary>
public sealed class RunTelemetryTests : IDisposable
{
    private readonly string _name = $"traced {Guid.NewGuid():N}";
    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public RunTelemetryTests()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == PipelineDiagnostics.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Spans_OfARunAndItsJobs_HaveTheNamesOfTheConventions()
    {
        Activity? seen = null;
        PipelineBuilder builder = new(_name);
        Job good = builder.AddJob("good", _ =>
        {
            seen = Activity.Current;
            return Task.CompletedTask;
        });
        builder.AddJob("bad", _ => throw new InvalidOperationException("broken")).Needs(good);
        PipelineResult result = await builder.Build().RunAsync(new() { RunId = "run-1" }, Cancellation);

        Activity run = Assert.Single(_stopped, activity => activity.OperationName == $"RUN {_name}");
        Assert.Equal((ActivityKind.Server, ActivityStatusCode.Error), (run.Kind, run.Status));
        Assert.Equal(
            [("cicd.pipeline.action.name", "RUN"), ("cicd.pipeline.name", _name), ("cicd.pipeline.result", "failure"), ("cicd.pipeline.run.id", "run-1"), ("error.type", "failure")],
            run.TagObjects.Select(tag => (tag.Key, (string)tag.Value!)).Order());
        Activity[] jobs = [.. _stopped.Where(activity => activity.ParentSpanId == run.SpanId).OrderBy(activity => activity.StartTimeUtc)];
        Assert.Equal(["good", "bad"], jobs.Select(activity => activity.OperationName));
        Assert.All(jobs, activity => Assert.Equal(ActivityKind.Internal, activity.Kind));
        Assert.Equal(
            [("cicd.pipeline.task.name", "bad"), ("cicd.pipeline.task.run.id", "run-1/bad/1"), ("cicd.pipeline.task.run.result", "failure"), ("error.type", "System.InvalidOperationException")],
            jobs[1].TagObjects.Select(tag => (tag.Key, (string)tag.Value!)).Order());
        Assert.Equal(("success", ActivityStatusCode.Unset), ((string)jobs[0].GetTagItem("cicd.pipeline.task.run.result")!, jobs[0].Status));
        Assert.Equal(jobs[0].SpanId, seen?.SpanId);
        Assert.Equal(Outcome.Failure, result.Outcome);
    }

    [Fact]
    public async Task Spans_OfRetries_AreOneForEachAttempt()
    {
        PipelineBuilder builder = new(_name);
        builder.AddJob("flaky", job => job.Attempt == 1 ? throw new IOException("gone") : Task.CompletedTask).WithRetry(1);
        await builder.Build().RunAsync(new() { RunId = "run-2" }, Cancellation);

        Activity run = Assert.Single(_stopped, activity => activity.OperationName == $"RUN {_name}");
        Assert.Equal(
            [("run-2/flaky/1", "failure"), ("run-2/flaky/2", "success")],
            _stopped.Where(activity => activity.ParentSpanId == run.SpanId)
                .Select(activity => ((string)activity.GetTagItem("cicd.pipeline.task.run.id")!, (string)activity.GetTagItem("cicd.pipeline.task.run.result")!)).Order());
    }

    [Fact]
    public async Task Spans_NeverHoldASecret()
    {
        PipelineBuilder builder = new(_name);
        builder.AddJob("leaks", job =>
        {
            job.AddSecret(new("hunter2-hunter2"));
            throw new InvalidOperationException("the password is hunter2-hunter2");
        });
        await builder.Build().RunAsync(cancellationToken: Cancellation);

        Assert.NotEmpty(_stopped);
        Assert.All(_stopped, activity => Assert.DoesNotContain("hunter2", activity.StatusDescription + string.Join(' ', activity.TagObjects), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_OfARun_AreDurationAndErrors()
    {
        ConcurrentQueue<(string Name, double Value, string Tags)> measured = new();
        using MeterListener meters = new();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == PipelineDiagnostics.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        void Add<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
            where T : struct
        {
            string told = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order());
            if (told.Contains(_name, StringComparison.Ordinal))
            {
                measured.Enqueue((instrument.Name, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture), told));
            }
        }

        meters.SetMeasurementEventCallback<double>(Add);
        meters.SetMeasurementEventCallback<long>(Add);
        meters.Start();
        PipelineBuilder builder = new(_name);
        builder.AddJob("bad", _ => throw new InvalidOperationException("broken"));
        await builder.Build().RunAsync(cancellationToken: Cancellation);

        Assert.Equal(
            [
                ("cicd.pipeline.run.active", $"cicd.pipeline.name={_name},cicd.pipeline.run.state=executing"),
                ("cicd.pipeline.run.active", $"cicd.pipeline.name={_name},cicd.pipeline.run.state=executing"),
                ("cicd.pipeline.run.duration", $"cicd.pipeline.name={_name},cicd.pipeline.result=failure"),
                ("cicd.pipeline.run.errors", $"cicd.pipeline.name={_name},error.type=System.InvalidOperationException"),
            ],
            measured.Select(one => (one.Name, one.Tags)).Order());
        Assert.Equal(0, measured.Where(one => one.Name == "cicd.pipeline.run.active").Sum(one => one.Value));
    }

    [Fact]
    public async Task Logger_IsToldOfTheRunAndItsJobs()
    {
        RecordingLogger logger = new();
        PipelineBuilder builder = new("ship");
        builder.AddJob("flaky", job => job.Attempt == 1 ? throw new IOException("gone") : Task.CompletedTask).WithRetry(1);
        builder.AddJob("bad", job =>
        {
            job.AddSecret(new("hunter2-hunter2"));
            throw new InvalidOperationException("hunter2-hunter2 is wrong");
        });
        await builder.Build().RunAsync(new() { Logger = logger, RunId = "run-3", MaxConcurrency = 1 }, Cancellation);

        Assert.Contains("Information: Pipeline ship: run run-3 started ", logger.Entries);
        Assert.Contains("Warning: Job flaky: attempt 1 failed and is followed by another: gone ", logger.Entries);
        Assert.Contains(logger.Entries, entry => entry.StartsWith("Error: Job bad ended as Failure", StringComparison.Ordinal) && entry.EndsWith(": *** is wrong ", StringComparison.Ordinal));
        Assert.DoesNotContain(logger.Entries, entry => entry.Contains("hunter2", StringComparison.Ordinal));
    }
}
