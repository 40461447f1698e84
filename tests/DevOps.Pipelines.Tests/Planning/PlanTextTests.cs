namespace DevOps.Pipelines.Tests;

public sealed class PlanTextTests
{
    [Fact]
    public void ToListText_Plan_IsTheGoldenText() => Assert.Equal(
        """
        ship: 6 jobs, 2 of them skipped
        1. restore
             Gets the packages.
             why: all jobs run
        2. build
             needs: restore
             why: all jobs run
        3. test "all"
             needs: build, restore
             why: all jobs run
             only if, as the run will tell: job.Attempt == 0
        4. lint
             after: build
             why: all jobs run
        5. push
             needs: build
             why: all jobs run
             skipped: its condition is not met: values.Get(push)
        6. deploy
             needs: test "all", push
             after: lint
             why: all jobs run
             skipped: needs 'push', which is skipped

        """,
        Shop().Plan().ToListText());

    [Fact]
    public void ToTreeText_Plan_ShowsSharedNeedsOnce()
    {
        PipelinePlan plan = Shop().Plan();
        Assert.Equal(
            """
            ship
            └─ deploy - skipped: needs 'push', which is skipped
               ├─ test "all" - only if job.Attempt == 0
               │  ├─ build
               │  │  └─ restore
               │  └─ restore
               ├─ push - skipped: its condition is not met: values.Get(push)
               │  └─ build (see above)
               └─ (lint)
                  └─ (build) (see above)

            """,
            plan.ToTreeText());
        Assert.Equal(
            """
            ship
            `- deploy - skipped: needs 'push', which is skipped
               +- test "all" - only if job.Attempt == 0
               |  +- build
            … and 3 more jobs

            """,
            plan.ToTreeText(new() { Characters = TreeCharacters.Ascii, MaxLines = 4 }));
    }

    [Fact]
    public void ToMermaid_Plan_EscapesNames()
    {
        PipelineBuilder builder = new("ship");
        Stage one = builder.AddStage("one");
        Stage two = builder.AddStage("two & \"three\"");
        Job a = builder.AddJob("end; <b>#`\"]", Nothing).InStage(one);
        builder.AddJob("é 日本", Nothing).InStage(two).Needs(a);
        builder.AddJob("free", Nothing).After(a).OnlyWhen(_ => false);
        Assert.Equal(
            """
            flowchart LR
              j3["free<br/>skipped: its condition is not met: false"]:::skipped
              subgraph s1["one"]
                j1["end#59; #60;b#62;#35;#96;#34;]"]
              end
              subgraph s2["two #38; #34;three#34;"]
                j2["é 日本"]
              end
              s1 ==> s2
              j1 --> j2
              j1 -.-> j3
              classDef skipped stroke-dasharray: 4 4

            """,
            builder.Build().Plan().ToMermaid());
    }

    [Fact]
    public void ToTreeText_DenseGraph_IsBoundedByItsJobs()
    {
        // Each of 12 rows needs all 5 of the row before: 5^12 ways, and 60 jobs.
        PipelinePlan plan = PlannerTests.Dense(5, 12).Build().Plan();
        string[] lines = plan.ToTreeText().Split('\n');
        Assert.Equal(60, plan.Jobs.Length);
        Assert.Equal(1 + 5 + (11 * 25) + 1, lines.Length);
    }

    [Fact]
    public void ToTreeText_LongChain_IsCutInDepthAndTellsHowMuch()
    {
        PipelineBuilder builder = new("ship");
        Job last = builder.AddJob("0", Nothing);
        for (int i = 1; i < 20_000; i++)
        {
            last = builder.AddJob($"{i}", Nothing).Needs(last);
        }

        string text = builder.Build().Plan().ToTreeText();
        Assert.EndsWith("… and 19799 more jobs\n", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 200_000);
    }

    private static Pipeline Shop()
    {
        PipelineBuilder builder = new("ship");
        Parameter<bool> push = builder.AddParameter("push", false, "");
        Job restore = builder.AddJob("restore", Nothing).WithDescription("Gets the packages.");
        Job build = builder.AddJob("build", Nothing).Needs(restore);
        Job test = builder.AddJob("test \"all\"", Nothing).Needs(build, restore).OnlyIf(job => job.Attempt == 0);
        Job lint = builder.AddJob("lint", Nothing).After(build);
        Job pushed = builder.AddJob("push", Nothing).Needs(build).OnlyWhen(values => values.Get(push));
        builder.AddJob("deploy", Nothing).Needs(test, pushed).After(lint);
        return builder.Build();
    }

    private static Task Nothing(JobContext job) => Task.CompletedTask;
}
