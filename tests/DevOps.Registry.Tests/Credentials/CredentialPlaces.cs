using System.Text;
using DevOps.Credentials;
using DevOps.Oci;
using DevOps.Testing;

namespace DevOps.Registry.Tests.Credentials;

/// <summary>A home directory with files of credentials, and a directory of helpers that are shell scripts.</summary>
internal sealed class CredentialPlaces : IDisposable
{
    internal const string Secret = "s3cret-of-a-test";

    private readonly TemporaryDirectory _temporary = TemporaryDirectory.Create();

    internal CredentialPlaces() => _temporary.MakeDirectory("bin");

    internal string Home => _temporary.Path;

    internal Dictionary<string, string?> Environment => field ??= new() { ["PATH"] = $"{PathOf("bin")}:/usr/bin:/bin", ["HOME"] = Home };

    internal CredentialFilesOptions Options => CredentialFilesOptions.FromEnvironment(Environment, Home);

    internal CredentialHelperOptions Helpers => Options.Helpers;

    internal CredentialFile DockerConfig => new(PathOf(".docker/config.json"), CredentialFileFormat.DockerConfig);

    internal CredentialFile ContainersAuth => new(PathOf(".config/containers/auth.json"), CredentialFileFormat.ContainersAuth);

    internal static string Auth(string user, string password = Secret) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    internal static string Config(params (string Key, string User)[] entries) =>
        "{\"auths\":{" + string.Join(',', entries.Select(entry => $"\"{entry.Key}\":{{\"auth\":\"{Auth(entry.User)}\"}}")) + "}}";

    internal string PathOf(string relative) => _temporary.PathOf(relative);

    internal string Write(string relative, string content) => _temporary.Write(relative, content);

    internal void Link(string relative, string target) => _temporary.Link(relative, target);

    internal string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>Writes a helper. The script finds its action in $1, and in $HOME a place for its notes.</summary>
    internal void AddHelper(string name, string script)
    {
        string path = _temporary.Write($"bin/docker-credential-{name}", "#!/bin/sh\n" + script);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Adds a helper that keeps each server's credential in a file, and notes how it was called.</summary>
    internal void AddKeepingHelper(string name) => AddHelper(name, """
        echo "$1 $#" >> "$HOME/calls"
        mkdir -p "$HOME/kept"
        input=$(cat)
        case $1 in
            store) server=$(echo "$input" | sed 's/.*"ServerURL":"\([^"]*\)".*/\1/'); echo "$input" > "$HOME/kept/$(echo "$server" | tr '/:' '__')" ;;
            *) echo "$input" >> "$HOME/asked"
               file=$HOME/kept/$(echo "$input" | tr '/:' '__')
               [ -f "$file" ] || { echo "credentials not found in native keychain"; exit 1; }
               if [ "$1" = get ]; then cat "$file"; else rm "$file"; fi ;;
        esac
        """);

    internal async Task<CredentialSearch> SearchAsync(string registry, string? repository = null) => await new CredentialFiles(Options).SearchAsync(
        RegistryAddress.Parse(registry), repository is null ? null : RepositoryName.Parse(repository), TestContext.Current.CancellationToken);

    public void Dispose() => _temporary.Dispose();
}
