using System.Collections;
using DevOps;
using DevOps.Registry;

namespace Cli;

/// <summary>What <c>docker login</c>, <c>podman login</c> and this program's own <c>login</c> stored.</summary>
internal static class StoredCredentials
{
    private const string ContainersFile = "REGISTRY_AUTH_FILE";
    private const string DockerDirectory = "DOCKER_CONFIG";

    // Where a user without a home directory has it: nobody can put a file there.
    private const string NoHome = "/nonexistent";

    internal static CredentialFilesOptions Options => CredentialFilesOptions.FromEnvironment(Variables, Home);

    /// <summary>Gets the file that <see cref="Writer"/> changes.</summary>
    internal static string WrittenFile => Written.Files[0].Path;

    /// <summary>Gets what writes Docker's file, which the other programs read too.</summary>
    internal static CredentialFileWriter Writer => Home == NoHome && Variable(ContainersFile) is null && Variable(DockerDirectory) is null
        ? throw new DevOpsException($"There is no home directory to keep credentials in. Set HOME, or {DockerDirectory} to a directory of your own.")
        : new(Written.Files[0], Written.Helpers);

    // A file that the environment names is where the other programs look alone.
    private static CredentialFilesOptions Written => Variable(ContainersFile) is null ? CredentialFilesOptions.FromDockerEnvironment(Variables, Home) : Options;

    private static Dictionary<string, string?> Variables =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : NoHome;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
