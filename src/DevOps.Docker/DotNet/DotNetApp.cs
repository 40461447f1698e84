using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DevOps.Docker;

/// <summary>A published .NET application, read from its folder: what starts it, and which of its files come from where.</summary>
/// <remarks>
/// Files are told apart by the <c>*.deps.json</c> that <c>dotnet publish</c> writes, so that packages, which change seldom, get a layer of their own, and so does a runtime that was published along.
/// </remarks>
public sealed class DotNetApp
{
    private DotNetApp(string name, string directory, bool isSelfContained, ImmutableArray<string> runtime, ImmutableArray<string> packages, ImmutableArray<string> application)
    {
        (Name, PublishDirectory, IsSelfContained) = (name, directory, isSelfContained);
        (RuntimeFiles, PackageFiles, ApplicationFiles) = (runtime, packages, application);
    }

    /// <summary>Gets the application's name: that of its main assembly.</summary>
    public string Name { get; }

    /// <summary>Gets the folder that <c>dotnet publish</c> wrote.</summary>
    public string PublishDirectory { get; }

    /// <summary>Gets whether the runtime was published along, so that the image needs none.</summary>
    public bool IsSelfContained { get; }

    /// <summary>Gets the files of the runtime, relative to the folder, with <c>/</c>, in ordinal order.</summary>
    public ImmutableArray<string> RuntimeFiles { get; }

    /// <summary>Gets the files of NuGet packages, relative to the folder, with <c>/</c>, in ordinal order.</summary>
    public ImmutableArray<string> PackageFiles { get; }

    /// <summary>Gets all other files, relative to the folder, with <c>/</c>, in ordinal order.</summary>
    public ImmutableArray<string> ApplicationFiles { get; }

    /// <summary>Reads a published application.</summary>
    /// <param name="publishDirectory">The folder that <c>dotnet publish</c> wrote.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="DevOpsException">The folder does not hold exactly one published application.</exception>
    public static DotNetApp Read(string publishDirectory)
    {
        ArgumentException.ThrowIfNullOrEmpty(publishDirectory);
        string directory = Path.GetFullPath(publishDirectory);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"The directory '{publishDirectory}' does not exist. Run 'dotnet publish -o {publishDirectory}' first.");
        }

        string[] configs = Directory.GetFiles(directory, "*.runtimeconfig.json");
        if (configs.Length != 1)
        {
            throw new DevOpsException(configs.Length == 0
                ? $"'{publishDirectory}' holds no published .NET application: there is no *.runtimeconfig.json. Name the folder that 'dotnet publish -o' wrote."
                : $"'{publishDirectory}' holds several applications: {string.Join(", ", configs.Select(Path.GetFileName).Order(StringComparer.Ordinal))}. Publish one of them to a folder of its own.");
        }

        string name = Path.GetFileName(configs[0])[..^".runtimeconfig.json".Length];
        bool isSelfContained = ReadJson(configs[0], config => config["runtimeOptions"]?.AsObject().ContainsKey("includedFrameworks") == true);
        string depsPath = Path.Combine(directory, name + ".deps.json");
        Dictionary<string, string> kinds = File.Exists(depsPath) ? ReadJson(depsPath, DependencyFiles.Read) : [];
        ILookup<string, string> files = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)
            .ToLookup(file => kinds.GetValueOrDefault(file, DependencyFiles.Application));
        return new(
            name, directory, isSelfContained,
            [.. files[DependencyFiles.Runtime]], [.. files[DependencyFiles.Package]], [.. files[DependencyFiles.Application]]);
    }

    /// <summary>Returns the command that starts the application from a directory in the image.</summary>
    /// <param name="directory">The application's directory in the image, as <c>/app</c>.</param>
    public ImmutableArray<string> CommandIn(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        string path = directory.TrimEnd('/');
        return IsSelfContained ? [$"{path}/{Name}"] : ["dotnet", $"{path}/{Name}.dll"];
    }

    private static T ReadJson<T>(string path, Func<JsonObject, T> read)
    {
        try
        {
            JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };
            return read(JsonNode.Parse(File.ReadAllBytes(path), documentOptions: strict)?.AsObject() ?? throw new InvalidContentException($"file '{path}'", "it is not a JSON object"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidContentException($"file '{path}'", $"it is not what 'dotnet publish' writes: {e.Message}", e);
        }
    }
}
