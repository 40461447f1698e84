using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Knows under which keys the programs of this world keep the credential of a registry.</summary>
internal static class CredentialKeys
{
    private const string HubServer = "https://index.docker.io/v1/";

    // The first is Docker's own. All of them mean the one registry.
    private static readonly ImmutableArray<string> HubNames = [HubServer, "docker.io", "index.docker.io", "registry-1.docker.io"];

    /// <summary>Returns the keys of a registry as such, the most usual first.</summary>
    internal static ImmutableArray<string> Names(RegistryAddress registry) => IsHub(registry) ? HubNames : [registry.ToString()];

    /// <summary>Returns what helpers are asked for, in order: what the format's own programs store comes first.</summary>
    internal static ImmutableArray<string> Servers(RegistryAddress registry, CredentialFileFormat format) =>
        !IsHub(registry) ? [registry.ToString()] : format == CredentialFileFormat.ContainersAuth ? ["docker.io", HubServer] : [HubServer, "docker.io"];

    /// <summary>Returns those of a file's keys that hold for a repository, the best first.</summary>
    internal static IEnumerable<string> Matching(IReadOnlyCollection<string> keys, RegistryAddress registry, RepositoryName? repository, CredentialFileFormat format)
    {
        ImmutableArray<string> names = Names(registry);
        IEnumerable<string> namespaces = repository is null || format == CredentialFileFormat.LegacyDocker ? [] : Upwards(repository.Value).SelectMany(path => names.Where(name => !HasScheme(name)).Select(name => $"{name}/{path}"));
        return namespaces.Concat(names)
            .SelectMany(wanted => keys.Where(key => key.Equals(wanted, StringComparison.OrdinalIgnoreCase)))
            .Concat(keys.Where(key => IsOf(key, registry, format)).OrderByDescending(key => key.StartsWith("https://", StringComparison.OrdinalIgnoreCase)).ThenBy(key => key, StringComparer.Ordinal))
            .Distinct();
    }

    /// <summary>Returns whether a key means the registry as a whole, in whatever way it is written.</summary>
    internal static bool IsOf(string key, RegistryAddress registry, CredentialFileFormat format)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        string address = HasScheme(key) ? key[(scheme + 3)..] : key;
        int slash = address.IndexOf('/', StringComparison.Ordinal);

        // Without a scheme, a path is a namespace to Podman and its kin, and nothing to Docker.
        bool isWhole = slash < 0 || HasScheme(key) || format != CredentialFileFormat.ContainersAuth;
        string host = slash < 0 ? address : address[..slash];
        return isWhole && Names(registry).Any(name => !HasScheme(name) && name.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns a key of a file as people may see it: one line, without a query, which could hold a secret.</summary>
    internal static string Shown(string key) => new([.. key.TakeWhile(c => c is not ('?' or '#')).Take(200).Select(c => char.IsControl(c) ? ' ' : c)]);

    private static bool IsHub(RegistryAddress registry) => registry == RegistryAddress.DockerHub || (registry is { Port: null, Host: "registry-1.docker.io" });

    private static bool HasScheme(string key) => key.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || key.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Upwards(string path)
    {
        for (int length = path.Length; length > 0; length = path.LastIndexOf('/', length - 1))
        {
            yield return path[..length];
        }
    }
}
