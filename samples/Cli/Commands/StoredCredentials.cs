using System.Collections;
using DevOps.Registry;

namespace Cli;

/// <summary>What <c>docker login</c>, <c>podman login</c> and this program's own <c>login</c> stored.</summary>
internal static class StoredCredentials
{
    internal static CredentialFilesOptions Options => CredentialFilesOptions.FromEnvironment(Variables, Home);

    /// <summary>Gets what writes Docker's file, which the other programs read too.</summary>
    internal static CredentialFileWriter Writer
    {
        get
        {
            // A file that the environment names is where the other programs look alone.
            CredentialFilesOptions options = Variables.TryGetValue("REGISTRY_AUTH_FILE", out string? path) && path is { Length: > 0 } ? Options : CredentialFilesOptions.FromDockerEnvironment(Variables, Home);
            return new(options.Files[0], options.Helpers);
        }
    }

    private static Dictionary<string, string?> Variables =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : Path.GetTempPath();
}
