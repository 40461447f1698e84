using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests.Outcomes;

/// <summary>The laws of outcomes, over all values.</summary>
public sealed class OutcomeAlgebraTests
{
    private static readonly Outcome[] All = Enum.GetValues<Outcome>();

    [Fact]
    public void And_AllValues_IsACommutativeIdempotentMonoidWithSkippedAsItsIdentity()
    {
        foreach (Outcome a in All)
        {
            Assert.Equal((a, a, a), (a.And(a), a.And(Outcome.Skipped), Outcome.Skipped.And(a)));
            Assert.Equal(Outcome.Failure, a.And(Outcome.Failure));
            foreach (Outcome b in All)
            {
                Assert.Equal(a.And(b), b.And(a));
                Assert.True(a.And(b) == a || a.And(b) == b);
                Assert.All(All, c => Assert.Equal(a.And(b).And(c), a.And(b.And(c))));
            }
        }
    }

    [Fact]
    public void IsGoodAndIsFailed_AllValues_AreNeverBoth()
    {
        Assert.All(All, outcome => Assert.False(outcome.IsGood() && outcome.IsFailed()));

        // Several that are good are good together, and one that failed among others leaves no good whole.
        Assert.All(from a in All from b in All where a.IsGood() && b.IsGood() select a.And(b), together => Assert.True(together.IsGood()));
        Assert.All(from a in All from b in All where a.IsFailed() select a.And(b), together => Assert.True(together.IsFailed()));
    }

    [Fact]
    public async Task RunAsync_RandomJobs_OutcomeIsTheFoldOfWhatTheyCountAs()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            PipelineBuilder builder = new("fold");
            for (int i = random.Next(0, 6); i > 0; i--)
            {
                int kind = random.Next(5);
                Job job = builder.AddJob($"{i}", context =>
                {
                    if (kind == 0)
                    {
                        context.MarkUnstable("look");
                    }

                    return kind is 1 or 2 ? throw new InvalidOperationException("broken") : Task.CompletedTask;
                });
                _ = kind switch { 2 => job.WithTolerance(new Tolerance { CountsAs = random.Next(2) == 0 ? Outcome.Success : Outcome.Unstable }), 3 => job.OnlyIf(_ => false), _ => job };
            }

            PipelineResult result = await new PipelineTester(Schedule.Seeded(seed)).RunAsync(builder.Build(), cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal(result.Jobs.Aggregate(result.Jobs.Length == 0 ? Outcome.Success : Outcome.Skipped, (all, job) => all.And(job.CountsAs)), result.Outcome);
            Assert.All(result.Jobs, job => Assert.True(job.CountsAs == job.Outcome || (job.Outcome == Outcome.Unstable && job.CountsAs == Outcome.Success)));
        }
    }
}
