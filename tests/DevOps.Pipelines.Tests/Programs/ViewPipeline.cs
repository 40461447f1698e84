using DevOps.Pipelines.Testing;

namespace DevOps.Pipelines.Tests;

/// <summary>A small pipeline with every outcome: one job after the other, so that what is shown has one order.</summary>
internal static class ViewPipeline
{
    internal static Pipeline Build(ProgramWorld world, string line = "line")
    {
        PipelineBuilder ship = new("ship");
        Job build = ship.AddJob("build", world.Takes(2.5, job =>
        {
            job.Log("3 files");
            job.SetStatus("linking");
        }));
        int attempts = 0;
        Job flaky = ship.AddJob("flaky", world.Takes(60, job =>
        {
            if (++attempts == 1)
            {
                throw new InvalidOperationException("the network is away\nsince 9:00");
            }
        })).WithRetry(1).Needs(build);
        Job test = ship.AddJob("test", world.Takes(1, job => job.MarkUnstable("1 of 9 tests failed"))).After(flaky);
        Job skipped = ship.AddJob("nightly", world.Takes(1)).OnlyIf(_ => false).After(test);
        world.Processes.On("push", ["shop"], new ProcessAnswer { ExitCode = 7, Output = [line], ErrorOutput = ["no route"] });
        Job push = ship.AddJob("push", job =>
        {
            world.Clock.Advance(TimeSpan.FromHours(1.5));
            return job.RunAsync("push", ["shop"]);
        }).After(skipped);
        ship.AddJob("deploy", world.Takes(1)).Needs(push);
        ship.AddFinally("report", world.Takes(0.25, job => job.Log("told")));
        return ship.Build();
    }
}
