namespace DevOps.Pipelines.Tests;

public sealed class MatrixTests
{
    private static readonly Matrix Usual = Matrix.Empty.WithAxis("os", "linux", "windows").WithAxis("tfm", "net8.0", "net10.0");

    private readonly PipelineBuilder _builder = new("ship");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Cells_Axes_LastChangesFastest() =>
        Assert.Equal(["[linux, net8.0]", "[linux, net10.0]", "[windows, net8.0]", "[windows, net10.0]"], Names(Usual));

    [Fact]
    public void Without_Filters_TakeOutWhatMatchesAll()
    {
        Assert.Equal(["[linux, net8.0]", "[linux, net10.0]", "[windows, net10.0]"], Names(Usual.Without(("os", "windows"), ("tfm", "net8.0"))));
        Assert.Equal(["[linux, net8.0]", "[windows, net8.0]"], Names(Usual.Without(MatrixFilter.NotIn("tfm", "net8.0"))));
        Assert.Equal(["[windows, net8.0]", "[windows, net10.0]"], Names(Usual.Without(MatrixFilter.In("os", "linux"), MatrixFilter.In("TFM", "net8.0", "net10.0"))));
    }

    [Fact]
    public void With_Cell_IsAddedBehindAndNotTakenOut() =>
        Assert.Equal(["[windows, net8.0]", "[windows, net10.0]", "[linux, net9.0, beta]"], Names(Usual.Without(("os", "linux")).With(("os", "linux"), ("tfm", "net9.0"), ("channel", "beta"))));

    [Fact]
    public void Concat_OtherAxes_AreJoinedAsAListOfMaps() =>
        Assert.Equal(["[a, 1]", "[b, 1]", "[x]"], Names(Matrix.Empty.WithAxis("p", "a", "b").WithAxis("q", "1").Concat(Matrix.Empty.WithAxis("r", "x"))));

    [Fact] // GitLab names both "test: [aws]" and the second overwrites the first.
    public void Cells_SameValuesOnOtherAxes_AreToldApartByTheAxes()
    {
        Matrix matrix = Matrix.Empty.WithAxis("provider", "aws", "gcp").Concat(Matrix.Empty.WithAxis("stack", "aws"));
        Assert.Equal(["[provider: aws]", "[gcp]", "[stack: aws]"], Names(matrix));
        _builder.AddMatrix("test", matrix, (_, _) => Task.CompletedTask);
        Assert.Equal(["test: [provider: aws]", "test: [gcp]", "test: [stack: aws]"], _builder.Build().Jobs.Select(job => job.Name));
    }

    [Fact]
    public void Matrix_Mistakes_AreRefused()
    {
        Assert.Contains("axis 'OS' twice", Assert.Throws<ArgumentException>(() => Usual.WithAxis("OS", "x")).Message, StringComparison.Ordinal);
        Assert.Contains("value 'A' twice", Assert.Throws<ArgumentException>(() => Matrix.Empty.WithAxis("x", "a", "A")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Matrix.Empty.WithAxis("x"));
        Assert.Throws<ArgumentException>(() => Matrix.Empty.WithAxis("x", " "));
        Assert.Equal("'arch' is not an axis of the matrix; it has: os, tfm.", Assert.Throws<ArgumentException>(() => Usual.Without(("arch", "arm64"))).Message);
        Assert.Contains("'macos' is not a value of the axis 'os'", Assert.Throws<ArgumentException>(() => Usual.Without(("os", "macos"))).Message, StringComparison.Ordinal);
        Assert.Contains("has no cells", Assert.Throws<InvalidOperationException>(() => Usual.Without(MatrixFilter.In("os", "linux", "windows")).Cells).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Matrix.Empty.Cells);
        Assert.Contains("[linux, net8.0] 2 times", Assert.Throws<InvalidOperationException>(() => Usual.With(("tfm", "net8.0"), ("os", "Linux")).Cells).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _builder.AddMatrix("test", Matrix.Empty, (_, _) => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => _builder.AddMatrix("test", Usual.With(("x", new string('x', 200))), (_, _) => Task.CompletedTask));
        Assert.Empty(_builder.Build().Jobs);
    }

    [Fact]
    public void Cells_MoreThanTheLimit_AreRefusedBeforeTheyAreMade()
    {
        string[] values = [.. Enumerable.Range(0, 200).Select(i => $"v{i}")];
        Assert.Equal(200, Matrix.Empty.WithAxis("a", values).Cells.Length);
        Assert.Contains("201 cells and may have 200", Assert.Throws<InvalidOperationException>(() => Matrix.Empty.WithAxis("a", values).With(("a", "x")).Cells).Message, StringComparison.Ordinal);
        Assert.Equal(201, Matrix.Empty.WithAxis("a", values).With(("a", "x")).WithMaxCells(201).Cells.Length);
        Matrix huge = Matrix.Empty;
        for (int i = 0; i < 30; i++)
        {
            huge = huge.WithAxis($"axis {i}", values);
        }

        Assert.Throws<InvalidOperationException>(() => huge.Cells);
    }

    [Fact]
    public void Jobs_Selection_FindsCellsAndRefusesWhatMatchesNothing()
    {
        MatrixJobs<Job> tests = _builder.AddMatrix("test", Usual.Without(("os", "windows"), ("tfm", "net8.0")), (_, _) => Task.CompletedTask);
        Assert.Equal("test: [windows, net10.0]", tests["windows", "net10.0"].Name);
        Assert.Equal(["test: [linux, net8.0]", "test: [linux, net10.0]"], tests.Select(("os", "linux")).Select(job => job.Name));
        Assert.Equal(["test: [linux, net8.0]"], tests.Select(MatrixFilter.NotIn("tfm", "net10.0")).Select(job => job.Name));
        Assert.Equal("'arch' is not an axis of the matrix 'test'; it has: os, tfm.", Assert.Throws<ArgumentException>(() => tests.Select(("arch", "arm64"))).Message);
        Assert.Contains("No cell of the matrix 'test' matches os windows and tfm net8.0", Assert.Throws<ArgumentException>(() => tests.Select(("os", "windows"), ("tfm", "net8.0"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => tests["windows", "net8.0"]);
    }

    [Fact]
    public async Task AddMatrix_Results_AreReadByCellAndJobsCanBeNeededTogether()
    {
        MatrixJobs<Job<string>> builds = _builder.AddMatrix("build", Usual, (_, cell) => Task.FromResult($"{cell["os"]}/{cell["tfm"]}"));
        MatrixJobs<Job<string>> tests = _builder.AddMatrix("test", Matrix.Empty.WithAxis("tfm", "net8.0").WithAxis("os", "linux", "windows"), (job, cell) => Task.FromResult("tested " + job.Get(builds[cell])))
            .Each((job, cell) => job.Needs(builds[cell]));
        string? seen = null;
        Job report = _builder.AddJob("report", job =>
        {
            seen = string.Join("; ", tests.Select(test => job.Get(test)));
            return Task.CompletedTask;
        }).Needs(tests);
        await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal("tested linux/net8.0; tested windows/net8.0", seen);
        Assert.Equal(tests.Jobs, report.Needed);
    }

    [Fact]
    public async Task FailFast_OneFails_StopsTheOthersOfTheMatrix()
    {
        _builder.AddMatrix("test", Usual, async (job, cell) =>
        {
            if (cell.Name == "[windows, net8.0]")
            {
                throw new InvalidOperationException("broken");
            }

            await Task.Delay(Timeout.Infinite, job.Cancellation);
        }).FailFast();
        PipelineResult result = await _builder.Build().RunAsync(cancellationToken: Cancellation);
        Assert.Equal([Outcome.Cancelled, Outcome.Cancelled, Outcome.Failure, Outcome.Cancelled], result.Jobs.Select(job => job.Outcome));
    }

    [Fact]
    public async Task AddParallel_Parts_ShareAListOnce()
    {
        int[] items = [.. Enumerable.Range(0, 11)];
        MatrixJobs<Job<int[]>> parts = _builder.AddParallel("test", 4, (_, part) => Task.FromResult(part.Of(items).ToArray()));
        List<int[]> shares = [];
        _builder.AddJob("join", job =>
        {
            shares.AddRange(parts.Select(part => job.Get(part)));
            return Task.CompletedTask;
        }).Needs(parts);
        await _builder.Build().RunAsync(cancellationToken: Cancellation);

        Assert.Equal(["test 1/4", "test 2/4", "test 3/4", "test 4/4"], parts.Select(job => job.Name));
        Assert.Equal([[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7]], shares);
        Assert.Equal("test 2/4", parts["2"].Name);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder("p").AddParallel("x", 0, (_, _) => Task.CompletedTask));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PipelineBuilder("p").AddParallel("x", 201, (_, _) => Task.CompletedTask));
    }

    private static IEnumerable<string> Names(Matrix matrix) => matrix.Cells.Select(cell => cell.Name);
}
