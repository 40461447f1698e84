using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Steps that are commands of <c>dotnet</c>, found in the <c>PATH</c>. Each one's exact arguments are in the job's log.</summary>
/// <remarks>The steps speak English, show no banner, and start no build servers that would outlive the job: <c>DOTNET_CLI_UI_LANGUAGE</c>, <c>DOTNET_NOLOGO</c>, <c>MSBUILDDISABLENODEREUSE</c>, <c>DOTNET_CLI_USE_MSBUILD_SERVER</c> and
/// <c>UseSharedCompilation</c> are set so, unless <see cref="DotNetOptions.Process"/> sets them. A command that fails is a <see cref="ProcessFailedException"/>; without <c>dotnet</c> it is a <see cref="ProcessStartException"/>.</remarks>
public static class DotNetSteps
{
    private static readonly ImmutableDictionary<string, string?> Environment = ImmutableDictionary<string, string?>.Empty
        .Add("DOTNET_CLI_UI_LANGUAGE", "en").Add("DOTNET_NOLOGO", "1").Add("MSBUILDDISABLENODEREUSE", "1").Add("DOTNET_CLI_USE_MSBUILD_SERVER", "0").Add("UseSharedCompilation", "false");

    /// <summary>Restores packages: <c>dotnet restore</c>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="options">How; <see cref="DotNetRestoreOptions.Default"/> if <see langword="null"/>.</param>
    public static Task<ProcessResult> DotNetRestoreAsync(this JobContext job, DotNetRestoreOptions? options = null)
    {
        options ??= DotNetRestoreOptions.Default;
        return RunAsync(job, DotNetArguments.Of(options), options.Process);
    }

    /// <summary>Builds: <c>dotnet build</c>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="options">How; <see cref="DotNetBuildOptions.Default"/> if <see langword="null"/>.</param>
    public static Task<ProcessResult> DotNetBuildAsync(this JobContext job, DotNetBuildOptions? options = null)
    {
        options ??= DotNetBuildOptions.Default;
        return RunAsync(job, DotNetArguments.Of(options), options.Process);
    }

    /// <summary>Publishes an application: <c>dotnet publish</c>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="options">How; <see cref="DotNetPublishOptions.Default"/> if <see langword="null"/>.</param>
    public static Task<ProcessResult> DotNetPublishAsync(this JobContext job, DotNetPublishOptions? options = null)
    {
        options ??= DotNetPublishOptions.Default;
        return RunAsync(job, DotNetArguments.Of(options), options.Process);
    }

    /// <summary>Runs tests: <c>dotnet test</c>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="options">How; <see cref="DotNetTestOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>The reports. When a test fails, they are in the results directory all the same.</returns>
    public static async Task<DotNetTestResult> DotNetTestAsync(this JobContext job, DotNetTestOptions? options = null)
    {
        options ??= DotNetTestOptions.Default;
        string directory = FullPath(job, options.Process, options.ResultsDirectory);
        HashSet<(string Path, DateTime WrittenAt, long Length)> before = [.. FilesIn(directory)];
        ProcessResult result = await RunAsync(job, DotNetArguments.Of(options), options.Process).ConfigureAwait(false);
        return new([.. FilesIn(directory).Where(file => !before.Contains(file)).Select(file => file.Path).Order(StringComparer.Ordinal)], result);
    }

    /// <summary>Packs: <c>dotnet pack</c>. Packages are made in a directory of their own and then moved, so that the result names exactly those of this step.</summary>
    /// <param name="job">The job.</param>
    /// <param name="options">How; <see cref="DotNetPackOptions.Default"/> if <see langword="null"/>.</param>
    /// <returns>The packages.</returns>
    public static async Task<DotNetPackResult> DotNetPackAsync(this JobContext job, DotNetPackOptions? options = null)
    {
        options ??= DotNetPackOptions.Default;
        string output = FullPath(job, options.Process, options.Output);
        DirectoryInfo fresh = Directory.CreateTempSubdirectory("devops-pack-");
        try
        {
            ProcessResult result = await RunAsync(job, DotNetArguments.Of(options, fresh.FullName), options.Process).ConfigureAwait(false);
            Directory.CreateDirectory(output);
            ImmutableArray<string> moved = [.. fresh.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => Move(file, output))];
            return new([.. moved.Where(path => HasExtension(path, ".nupkg"))], [.. moved.Where(path => HasExtension(path, ".snupkg"))], result);
        }
        finally
        {
            fresh.Delete(recursive: true);
        }
    }

    /// <summary>Pushes packages to a feed, one after another: <c>dotnet nuget push</c>. A <c>.snupkg</c> beside a package is pushed with it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="packages">The packages, as <see cref="DotNetPackResult.Packages"/>; those before one that fails are pushed.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">There is no package.</exception>
    public static async Task DotNetPushAsync(this JobContext job, IEnumerable<string> packages, DotNetPushOptions options)
    {
        ArgumentNullException.ThrowIfNull(packages);
        ArgumentNullException.ThrowIfNull(options);
        string[] all = [.. packages];
        if (all.Length == 0)
        {
            throw new ArgumentException("There is no package to push. Pack first, and look at what the step before found.", nameof(packages));
        }

        foreach (string package in all)
        {
            string? key = options.ApiKey?.Reveal();
            ProcessOptions process = key is null ? options.Process : options.Process with { SecretArguments = options.Process.SecretArguments.Add(key) };
            await RunAsync(job, DotNetArguments.Of(options, package, key), process).ConfigureAwait(false);
        }
    }

    internal static ProcessOptions WithEnvironment(ProcessOptions options) => options with { Environment = Environment.SetItems(options.Environment) };

    private static Task<ProcessResult> RunAsync(JobContext job, IReadOnlyList<string> arguments, ProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.RunAsync("dotnet", arguments, WithEnvironment(options));
    }

    private static string FullPath(JobContext job, ProcessOptions options, string path) => Path.GetFullPath(path, Path.GetFullPath(options.WorkingDirectory ?? ".", job.Directory));

    private static IEnumerable<(string Path, DateTime WrittenAt, long Length)> FilesIn(string directory) => Directory.Exists(directory)
        ? new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => (file.FullName, file.LastWriteTimeUtc, file.Length))
        : [];

    private static bool HasExtension(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static string Move(FileInfo file, string directory)
    {
        string path = Path.Combine(directory, file.Name);
        file.MoveTo(path, overwrite: true);
        return path;
    }
}
