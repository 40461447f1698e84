using System.Collections.Immutable;

namespace DevOps.Registry;

/// <summary>Controls where <see cref="CredentialFiles"/> looks.</summary>
public sealed record CredentialFilesOptions
{
    internal const string InlineVariable = "DOCKER_AUTH_CONFIG";

    /// <summary>Gets the text of a <c>config.json</c> that is asked before the files; a secret.</summary>
    /// <value><see langword="null"/> by default.</value>
    public string? InlineConfig { get; init; }

    /// <summary>Gets the files, in the order in which they are asked. Files that do not exist are passed over.</summary>
    /// <value>Empty by default.</value>
    public ImmutableArray<CredentialFile> Files { get; init { field = value.IsDefault ? [] : value; } } = [];

    /// <summary>Gets how the helpers that the files name are run.</summary>
    /// <value>No helper can be found by default.</value>
    public CredentialHelperOptions Helpers { get; init { ArgumentNullException.ThrowIfNull(value); field = value; } } = CredentialHelperOptions.Default;

    /// <summary>Returns the places where Docker and Podman look.</summary>
    /// <param name="environment">The variables of the process. Helpers are found on its <c>PATH</c> and get all of it.</param>
    /// <param name="homeDirectory">The user's home directory.</param>
    /// <remarks>
    /// In this order: the text in <c>DOCKER_AUTH_CONFIG</c>; then the file in <c>REGISTRY_AUTH_FILE</c> alone, or, where it is not set,
    /// <c>$XDG_RUNTIME_DIR/containers/auth.json</c>, <c>$XDG_CONFIG_HOME/containers/auth.json</c> (<c>~/.config</c> where not set), <c>$DOCKER_CONFIG/config.json</c> (<c>~/.docker</c> where not set),
    /// and <c>~/.dockercfg</c>. Podman's file for a user without <c>XDG_RUNTIME_DIR</c>, <c>/run/containers/UID/auth.json</c>, is not known from the environment: add it to <see cref="Files"/>.
    /// An empty variable counts as none. Source: containers-auth.json(5), <c>docker login</c>.
    /// </remarks>
    public static CredentialFilesOptions FromEnvironment(IReadOnlyDictionary<string, string?> environment, string homeDirectory)
    {
        CredentialFilesOptions docker = FromDockerEnvironment(environment, homeDirectory);
        if (Value(environment, "REGISTRY_AUTH_FILE") is { } only)
        {
            return docker with { Files = [new(only, CredentialFileFormat.ContainersAuth)] };
        }

        string configuration = Value(environment, "XDG_CONFIG_HOME") ?? Path.Combine(homeDirectory, ".config");
        List<CredentialFile> files = [];
        if (Value(environment, "XDG_RUNTIME_DIR") is { } runtime)
        {
            files.Add(new(Path.Combine(runtime, "containers", "auth.json"), CredentialFileFormat.ContainersAuth));
        }

        files.Add(new(Path.Combine(configuration, "containers", "auth.json"), CredentialFileFormat.ContainersAuth));
        files.AddRange(docker.Files);
        files.Add(new(Path.Combine(homeDirectory, ".dockercfg"), CredentialFileFormat.LegacyDocker));
        return docker with { Files = [.. files] };
    }

    /// <summary>Returns the places where Docker alone looks: the text in <c>DOCKER_AUTH_CONFIG</c>, then <c>config.json</c> in <c>DOCKER_CONFIG</c>, or in <c>~/.docker</c> where it is not set.</summary>
    /// <param name="environment">The variables of the process. Helpers are found on its <c>PATH</c> and get all of it.</param>
    /// <param name="homeDirectory">The user's home directory.</param>
    public static CredentialFilesOptions FromDockerEnvironment(IReadOnlyDictionary<string, string?> environment, string homeDirectory)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(homeDirectory);
        string directory = Value(environment, "DOCKER_CONFIG") ?? Path.Combine(homeDirectory, ".docker");
        return new()
        {
            InlineConfig = Value(environment, InlineVariable),
            Files = [new(Path.Combine(directory, "config.json"), CredentialFileFormat.DockerConfig)],
            Helpers = new() { Environment = environment.ToImmutableDictionary(), SearchPath = Value(environment, "PATH") ?? "" },
        };
    }

    /// <summary>Returns the files, and nothing of the text.</summary>
    public override string ToString() => $"CredentialFilesOptions ({string.Join(", ", Files.Select(file => file.Path))})";

    private static string? Value(IReadOnlyDictionary<string, string?> environment, string name) => environment.TryGetValue(name, out string? value) && value is { Length: > 0 } ? value : null;
}
