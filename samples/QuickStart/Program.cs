using DevOps.Pipelines;
using QuickStart;

// Ships a small web application: commit, publish, image, push, pull back and verify, manifests. Everything stays below artifacts/quickstart/.
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(QuickStartOptions.Usage);
    Console.WriteLine();
}

QuickStartOptions options;
try
{
    options = QuickStartOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"error: {e.Message}\n\n{QuickStartOptions.Usage}");
    return 2;
}

await using ShipPipeline ship = new(options);
OutputFolder? output = null;
try
{
    bool isInteractive = !Console.IsOutputRedirected && !Console.IsInputRedirected;
    PipelineTerminal terminal = new(Console.Out, Console.Error)
    {
        Input = Console.In,
        IsInteractive = isInteractive,
        Width = isInteractive ? Math.Max(40, Console.WindowWidth) : 160,
        Environment = Environment.GetEnvironmentVariables(),
    };
    return await ship.Pipeline.RunAsync([.. options.Rest], terminal, new()
    {
        Command = QuickStartOptions.Command,
        StateDirectory = Path.Combine(options.OutputDirectory, "runs"),
        Starting = _ =>
        {
            // Two runs would build into each other's files.
            output = OutputFolder.Enter(options);
            return Task.CompletedTask;
        },
        Finished = result => TellAsync(options, ship, result),
    });
}
finally
{
    output?.Dispose();
}

static async Task TellAsync(QuickStartOptions options, ShipPipeline ship, PipelineResult result)
{
    string report = Path.Combine(options.OutputDirectory, "report.html");
    await File.WriteAllTextAsync(report, HtmlReport.Write(result, ship.Layers), CancellationToken.None);
    string Shown(string name) => Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(options.OutputDirectory, name));
    Console.WriteLine();
    Console.WriteLine($"report    {Shown("report.html")}");
    bool isWhole = result.Outcome == Outcome.Success && result.Jobs.Any(job => job is { Name: "manifests", Outcome: Outcome.Success });
    if (!isWhole || await ship.FindVerifiedAsync() is not { } verified)
    {
        return;
    }

    Console.WriteLine($"layout    {Shown("layout")}");
    Console.WriteLine($"manifests {Shown("manifests.yaml")}");
    if (ship.Pushed is { } pushed)
    {
        Console.WriteLine($"image     {pushed.Reference}");
        if (options.Registry is null)
        {
            Console.WriteLine($"note      the embedded registry ends with this program; start it again with: dotnet run --project samples/Cli -- serve --listen {pushed.Reference.Registry} --data {Shown("registry")}");
        }
    }

    if (!ship.IsRunnable)
    {
        Console.WriteLine("note      the base is scratch, so this image is not runnable; give --base an image, as mcr.microsoft.com/dotnet/aspnet:10.0");
    }

    Console.WriteLine($"{ship.Pushed?.Copy.CopiedLayers ?? 0} layers uploaded");
    Console.WriteLine($"verified {verified}");
}
