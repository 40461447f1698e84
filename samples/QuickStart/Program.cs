using System.Runtime.InteropServices;
using DevOps.Pipelines;
using QuickStart;
using Spectre.Console;

// Ships a small web application: commit, publish, image, push, pull back and verify, manifests. Everything stays below artifacts/quickstart/.
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(QuickStartOptions.Usage);
    return 0;
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

using CancellationTokenSource stop = new();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    // Two runs would build into each other's files.
    using OutputFolder output = OutputFolder.Enter(options.OutputDirectory);
    return await ShipAsync(options, stop.Token);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

static async Task<int> ShipAsync(QuickStartOptions options, CancellationToken cancellationToken)
{
    await using ShipPipeline ship = new(options);
    PipelineResult result = await RunAsync(ship.Pipeline, cancellationToken);

    Console.WriteLine();
    foreach (JobResult failed in result.Jobs.Where(job => job.Outcome == Outcome.Failure))
    {
        Console.Error.WriteLine($"error: {failed.Name}: {PlainView.Printable(failed.Reason ?? "")}");
    }

    if (result.ProgressError is { } broken)
    {
        Console.Error.WriteLine($"error: the progress could not be shown to its end: {broken.Message}");
    }

    string report = Path.Combine(options.OutputDirectory, "report.html");
    await File.WriteAllTextAsync(report, HtmlReport.Write(result, ship.Layers), CancellationToken.None);
    string Shown(string name) => Path.GetRelativePath(Directory.GetCurrentDirectory(), Path.Combine(options.OutputDirectory, name));
    Console.WriteLine($"report    {Shown("report.html")}");
    if (result.Outcome != Outcome.Success)
    {
        return result.Outcome == Outcome.Cancelled ? 130 : 1;
    }

    Console.WriteLine($"layout    {Shown("layout")}");
    Console.WriteLine($"manifests {Shown("manifests.yaml")}");
    Console.WriteLine($"image     {ship.Pushed!.Reference}");
    if (!ship.IsRunnable)
    {
        Console.WriteLine("note      the base is scratch, so this image is not runnable; give --base an image, as mcr.microsoft.com/dotnet/aspnet:10.0");
    }

    if (options.Registry is null)
    {
        Console.WriteLine($"note      the embedded registry ends with this program; start it again with: dotnet run --project samples/Cli -- serve --listen {ship.Pushed.Reference.Registry} --data {Shown("registry")}");
    }

    Console.WriteLine($"{ship.Pushed.Copy.CopiedLayers} layers uploaded");
    Console.WriteLine($"verified {ship.Verified}");
    return 0;
}

static async Task<PipelineResult> RunAsync(Pipeline pipeline, CancellationToken cancellationToken)
{
    if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
    {
        return await pipeline.RunAsync(new() { Progress = new PlainView(Console.Out) }, cancellationToken);
    }

    LiveView view = new(pipeline);
    Task<PipelineResult> run = pipeline.RunAsync(new() { Progress = view }, cancellationToken);
    await view.ShowAsync(AnsiConsole.Console, run);
    return await run;
}
