using DevOps;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary>Reads and follows references into registries.</summary>
internal static class RegistryReference
{
    /// <summary>Reads a reference that names something in a repository, or a repository alone.</summary>
    /// <exception cref="UsageException">The text is none, or names a registry only: by Docker's rules that would be an image of Docker Hub, which nobody means.</exception>
    internal static ImageReference Parse(string text)
    {
        if (Location.HasScheme(text))
        {
            throw new UsageException($"'{text}' is not in a registry, and this command looks nowhere else: write HOST/REPOSITORY, as ghcr.io/team/api.");
        }

        string first = text.Split(':', '@')[0];
        if (!text.Contains('/', StringComparison.Ordinal) && (first == "localhost" || first.StartsWith('[') || first.Contains('.', StringComparison.Ordinal)))
        {
            string host = RegistryAddress.TryParse(text, out RegistryAddress? address) ? address.ToString() : first;
            throw new UsageException(LocalPlace.Hint(text) is { Length: > 0 } hint ? hint.TrimStart() : $"'{text}' names a registry, and the repository is missing: write '{host}/REPOSITORY'.");
        }

        try
        {
            return ImageReference.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{e.Message}{LocalPlace.Hint(text)}");
        }
    }

    /// <summary>Returns what a reference names.</summary>
    internal static async Task<SourceLocation> OpenAsync(Location.Remote remote, RegistryClient registry, CancellationToken cancellationToken)
    {
        try
        {
            (IRepository repository, Descriptor root) = await registry.ResolveAsync(remote.Reference, cancellationToken);
            return new(repository, root, remote.Reference);
        }
        catch (DevOpsException e) when (LocalPlace.Hint(remote.Text) is { Length: > 0 } hint)
        {
            throw new DevOpsException($"{e.Message}{hint}", e);
        }
    }
}
