using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using DevOps;
using DevOps.Archives;
using DevOps.Content;
using DevOps.Docker;
using DevOps.Kubernetes;
using DevOps.Oci;
using DevOps.Pipelines;
using DevOps.Registry;
using DevOps.Registry.Server;

namespace QuickStart;

/// <summary>The main job: from a commit to an image that was pushed, pulled back and verified, and to manifests that pin it.</summary>
internal sealed class ShipPipeline : IAsyncDisposable
{
    private const int PreferredPort = 5057;

    private readonly QuickStartOptions _options;
    private readonly RegistryClient _registry = new();
    private readonly string _name;
    private RegistryHost? _host;
    private BuiltImage? _image;

    internal ShipPipeline(QuickStartOptions options)
    {
        _options = options;
        _name = NameFor(options.Source);
        PipelineBuilder ship = new("quickstart");

        Job<GitCommit> commit = ship.AddJob("commit", ReadCommitAsync);
        Job<BaseFacts> @base = ship.AddJob("base", FindBaseAsync);
        
        // The embedded registry lives in this process: whoever resumes a run starts it again.
        Job<RegistryAddress> registry = ship.AddJob("registry", StartRegistryAsync).RerunsOnResume();
        Job<DotNetApp> publish = ship.AddJob("publish", @base, commit, PublishAsync);
        Job<BuiltImage> image = ship.AddJob("image", commit, publish, BuildAsync);
        Job<PushResult> push = ship.AddJob("push", image, registry, commit, PushAsync);
        Job<Digest> verify = ship.AddJob("verify", push, commit, VerifyAsync);
        ship.AddJob("manifests", push, commit, WriteManifestsAsync).Needs(verify);

        Pipeline = ship.Build();
    }

    internal Pipeline Pipeline { get; }

    internal PushResult? Pushed { get; private set; }

    internal Digest? Verified { get; private set; }

    internal bool IsRunnable => _options.Base is not null;

    /// <summary>Gets the image's layers for the report, the base's first.</summary>
    internal ReportTable Layers => new(
        "Image layers",
        ["Layer", "Digest", "Stored", "Unpacked", "Files"],
        _image is null ? [] :
        [
            .. _image.Manifest.Layers[..^_image.Layers.Length].Select(layer => (ImmutableArray<string>)["base", layer.Digest.ToString(), Bytes(layer.SizeBytes), "", ""]),
            .. _image.Layers.Select(layer => (ImmutableArray<string>)
            [
                layer.Description, layer.Descriptor.Digest.ToString(), Bytes(layer.Descriptor.SizeBytes), Bytes(layer.UncompressedSizeBytes), layer.MemberCount.ToString(CultureInfo.InvariantCulture),
            ]),
        ]);

    public async ValueTask DisposeAsync()
    {
        if (_image is not null)
        {
            await _image.DisposeAsync();
        }

        _registry.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>Returns the digest that this run, or the part of it before it was resumed, read back and verified.</summary>
    internal async Task<Digest?> FindVerifiedAsync()
    {
        if (Verified is null)
        {
            using OciLayout layout = new(Path.Combine(_options.OutputDirectory, "layout"));
            return (await layout.ReadIndexAsync()).Manifests.FirstOrDefault()?.Digest;
        }

        return Verified;
    }

    internal static string Bytes(long count) => count switch
    {
        < 1 << 10 => $"{count} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{count / 1024.0:F1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1048576.0:F1} MiB"),
    };

    private async Task<GitCommit> ReadCommitAsync(JobContext job)
    {
        if (!Directory.Exists(_options.Source))
        {
            throw new DirectoryNotFoundException($"The directory '{_options.Source}' does not exist, or is a file. Give --source the directory of a web project.");
        }

        GitCommit commit = await GitCheckout.ReadHeadAsync(_options.Source, job.Cancellation);
        job.Log($"{commit.ShortId} {commit.Subject}{(commit.IsDirty ? " (with uncommitted changes)" : "")}");
        return commit;
    }

    private async Task<BaseFacts> FindBaseAsync(JobContext job)
    {
        if (_options.Base is not { } reference)
        {
            job.Log("scratch: the image holds only the application, and cannot be run");
            return new(false);
        }

        RemoteRepository repository = _registry.GetRepository(reference.Registry, reference.Repository);
        await using BuiltImage probe = await ImageBuilder.From(reference).BuildAsync(_registry, cancellationToken: job.Cancellation);
        bool hasDotNet = probe.Config.Env.Any(pair => pair.StartsWith("DOTNET_VERSION=", StringComparison.Ordinal));
        job.Log($"{repository}: {probe.Manifest.Layers.Length} layers, {(hasDotNet ? "with" : "without")} .NET");
        return new(hasDotNet);
    }

    private async Task<RegistryAddress> StartRegistryAsync(JobContext job)
    {
        if (_options.Registry is { } given)
        {
            job.Log($"pushing to {given}");
            return given;
        }

        RegistryHostOptions options = new() { Directory = Path.Combine(_options.OutputDirectory, "registry"), Endpoint = new(IPAddress.Loopback, PreferredPort) };
        try
        {
            _host = await RegistryHost.StartAsync(options, cancellationToken: job.Cancellation);
        }
        catch (IOException)
        {
            // Any port will do; the same one each time only keeps the manifests the same.
            job.Log($"port {PreferredPort} is taken, so the manifests will name another");
            _host = await RegistryHost.StartAsync(options with { Endpoint = new(IPAddress.Loopback, 0) }, cancellationToken: job.Cancellation);
        }

        job.Log($"embedded registry at {_host.Address}, its data in {Shown(options.Directory)}");
        return _host.Address;
    }

    private async Task<DotNetApp> PublishAsync(JobContext job, BaseFacts @base, GitCommit commit)
    {
        // A run that is resumed knows the commit from its journal.
        GitCommit now = await GitCheckout.ReadHeadAsync(_options.Source, job.Cancellation);
        if ((now.Id, now.IsDirty) != (commit.Id, commit.IsDirty))
        {
            throw new DevOpsException($"The run began with commit {commit.ShortId}, and the checkout is now at {now.ShortId}{(now.IsDirty ? " with uncommitted changes" : "")}. Check that commit out again, or start a new run.");
        }

        string output = Path.Combine(_options.OutputDirectory, "publish");
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        // A base without .NET gets the runtime along with the application.
        bool selfContained = IsRunnable && !@base.HasDotNet;
        string[] runtime = selfContained ? ["--runtime", "linux-x64", "--self-contained", "true"] : ["--self-contained", "false"];
        await job.RunAsync(
            "dotnet",
            ["publish", _options.Source, "--configuration", "Release", "--output", output, "--nologo", "-p:ContinuousIntegrationBuild=true", "-nodeReuse:false", .. runtime],
            new() { Environment = ImmutableDictionary<string, string?>.Empty.Add("DOTNET_CLI_UI_LANGUAGE", "en") });
        DotNetApp app = DotNetApp.Read(output);
        job.Log($"{app.Name}: {app.ApplicationFiles.Length} files of the application, {app.PackageFiles.Length} of packages, {app.RuntimeFiles.Length} of the runtime");
        return app;
    }

    private async Task<BuiltImage> BuildAsync(JobContext job, GitCommit commit, DotNetApp app)
    {
        ImageBuilder builder = (_options.Base is { } reference ? ImageBuilder.From(reference) : ImageBuilder.Scratch)
            .WithDotNetApp(app)
            .WithCreated(commit.CommittedAt)
            .WithAnnotation(ImageAnnotations.Title, app.Name)
            .WithAnnotation(ImageAnnotations.Revision, commit.IsDirty ? commit.Id + "-dirty" : commit.Id);
        _image = await builder.BuildAsync(_registry, cancellationToken: job.Cancellation);
        foreach (BuiltLayer layer in _image.Layers)
        {
            job.Log($"{layer.Description}: {layer.MemberCount} entries, {Bytes(layer.UncompressedSizeBytes)} packed into {Bytes(layer.Descriptor.SizeBytes)}, {layer.Descriptor.Digest}");
        }

        job.Log($"image {_image.Digest}");
        return _image;
    }

    private async Task<PushResult> PushAsync(JobContext job, BuiltImage image, RegistryAddress registry, GitCommit commit)
    {
        RemoteRepository repository = _registry.GetRepository(registry, RepositoryName.Parse($"{_options.RegistryPath}/{_name}"));
        Pushed = await image.PushAsync(repository, TagFor(commit), new TransferStatus(job, "sent"), job.Cancellation);
        job.Log($"{Pushed.Copy.CopiedLayers} layers uploaded to {repository}, {Pushed.Copy.Mounted.Length} taken over there, {Pushed.Copy.Skipped.Count(content => MediaTypes.IsLayer(content.MediaType))} there already");
        return Pushed;
    }

    private async Task<Digest> VerifyAsync(JobContext job, PushResult pushed, GitCommit commit)
    {
        string path = Path.Combine(_options.OutputDirectory, "layout");
        using OciLayout layout = new(path);
        RemoteRepository repository = _registry.GetRepository(pushed.Reference.Registry, pushed.Reference.Repository);
        Descriptor root = await repository.ResolveAsync(TagFor(commit), job.Cancellation)
            ?? throw new ContentNotFoundException(repository.ToString(), TagFor(commit));
        if (root.Digest != pushed.Reference.Digest)
        {
            throw new DevOpsException($"{repository} says that '{TagFor(commit)}' is {root.Digest}, and {pushed.Reference.Digest} was pushed. Someone else moved the tag; run again.");
        }

        await repository.CopyAsync(root, layout, TagFor(commit), progress: new TransferStatus(job, "read back"), cancellationToken: job.Cancellation);
        CopyResult verified = await layout.VerifyAsync(root, cancellationToken: job.Cancellation);
        job.Log($"{verified.Copied.Length} pieces of content, {Bytes(verified.CopiedBytes)}, each what its digest says");
        return Verified = root.Digest;
    }

    private async Task WriteManifestsAsync(JobContext job, PushResult pushed, GitCommit commit)
    {
        WebWorkload workload = new(_name, pushed.Reference)
        {
            ReadinessPath = _options.IsOwnSample ? "/healthz" : null,
            PodAnnotations = ImmutableSortedDictionary<string, string>.Empty.Add(ImageAnnotations.Revision, commit.Id),
        };
        string path = Path.Combine(_options.OutputDirectory, "manifests.yaml");
        await AtomicFile.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(ManifestYaml.Write(workload.ToObjects())), job.Cancellation);
        job.Log($"{string.Join(" and ", workload.ToObjects())} in {Shown(path)}");
    }

    private string Shown(string path) => Path.GetRelativePath(_options.RepositoryRoot, path);

    private static string TagFor(GitCommit commit) => commit.IsDirty ? commit.ShortId + "-dirty" : commit.ShortId;

    private static string NameFor(string source)
    {
        string name = new([.. Path.GetFileName(Path.TrimEndingDirectorySeparator(source)).ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        name = string.Join('-', name.Split('-', StringSplitOptions.RemoveEmptyEntries));
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name[..Math.Min(name.Length, 50)].TrimEnd('-') : "app";
    }

    private sealed record BaseFacts(bool HasDotNet);
}
