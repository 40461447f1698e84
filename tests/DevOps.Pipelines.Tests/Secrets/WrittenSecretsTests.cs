using System.Collections.Immutable;
using System.Text;
using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Pipelines.Tests;

/// <summary>Secrets in what a run writes down as it was told: names, comments, inputs and parameters.</summary>
public sealed class WrittenSecretsTests : IDisposable
{
    private const string Password = "hunter2-topsecret";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();
    private readonly MemoryRunStore _store = new();
    private readonly RecordingProgress<PipelineEvent> _progress = new();
    private readonly PipelineBuilder _builder = new("ship");
    private readonly Parameter<Secret> _secret;

    public WrittenSecretsTests() => _secret = _builder.AddSecret("token", "the token");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task NameOfAStep_IsMasked()
    {
        _builder.AddJob("job", job => job.StepAsync($"login {job.Get(_secret).Reveal()}", () => Task.CompletedTask));
        PipelineResult result = await _builder.Build().RunAsync(Options(), Cancellation);
        Assert.Equal("login ***", Assert.Single(result.Jobs[0].Steps).Name);
        Assert.Equal("login ***", Assert.Single(_progress.Reports.OfType<StepStarted>()).Step);
        await AssertJournalHoldsNoneAsync();
    }

    [Fact]
    public async Task NameOfAnArtifact_IsRefused()
    {
        _directory.Write("file", "x");
        _builder.AddJob("job", job => job.SaveArtifactAsync($"log-{job.Get(_secret).Reveal()}", "file"));
        PipelineResult result = await _builder.Build().RunAsync(Options() with { Directory = _directory.Path, Artifacts = new MemoryArtifactStore() }, Cancellation);
        Assert.Equal(Outcome.Failure, result.Outcome);
        Assert.Contains("The artifact's name holds a secret of the run", result.Jobs[0].Reason, StringComparison.Ordinal);
        await AssertJournalHoldsNoneAsync();
    }

    [Fact]
    public async Task PlainParameter_IsRefusedAndNothingStarts()
    {
        _builder.AddParameter("url", "", "where");
        _builder.AddJob("job", _ => throw new InvalidOperationException("must not run"));
        RunOptions options = Options() with { Parameters = ImmutableDictionary<string, string>.Empty.Add("url", $"https://u:{Password}@host") };
        ParameterException error = await Assert.ThrowsAsync<ParameterException>(() => _builder.Build().RunAsync(options, Cancellation));
        Assert.Contains("'url' holds a secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_progress.Reports);
    }

    [Fact]
    public async Task Decision_CommentIsMaskedAndInputsAreRefused()
    {
        VirtualTimeProvider clock = new(DateTimeOffset.UnixEpoch);
        Parameter<string> ticket = Parameter.Create("ticket", ParameterCodecs.Of<string>(), "the ticket");
        _builder.AddApproval("gate", new() { Inputs = [ticket] });
        PipelineRun run = await _builder.Build().StartAsync(Options() with { TimeProvider = clock }, Cancellation);
        await clock.WaitForTimerAsync(length => length == TimeSpan.FromSeconds(1), Cancellation);
        ApprovalDecision decision = new() { By = "mira", Verdict = ApprovalVerdict.Approve, Comment = $"used {Password}" };
        ApprovalException refused = await Assert.ThrowsAsync<ApprovalException>(
            () => run.DecideAsync("gate", decision with { Inputs = ImmutableDictionary<string, string>.Empty.Add("ticket", Password) }));
        Assert.DoesNotContain(Password, refused.Message, StringComparison.Ordinal);
        Assert.Contains("The input 'ticket' of 'mira' holds a secret", refused.Message, StringComparison.Ordinal);

        await run.DecideAsync("gate", decision with { Inputs = ImmutableDictionary<string, string>.Empty.Add("ticket", "7") });
        Assert.Equal(Outcome.Success, (await run.Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancellation)).Outcome);
        Assert.Equal("used ***", Assert.Single(_progress.Reports.OfType<ApprovalDecided>()).Decision.Comment);
        await AssertJournalHoldsNoneAsync();
    }

    private RunOptions Options() => new()
    {
        Store = _store,
        RunId = "run",
        Progress = _progress,
        Secrets = new EnvironmentSecrets(new Dictionary<string, string?> { ["token"] = Password }),
    };

    private async Task AssertJournalHoldsNoneAsync()
    {
        int records = 0;
        await foreach (ReadOnlyMemory<byte> record in _store.ReadAsync("run", Cancellation))
        {
            records++;
            Assert.DoesNotContain(Password, Encoding.UTF8.GetString(record.Span), StringComparison.Ordinal);
        }

        Assert.NotEqual(0, records);
    }
}
