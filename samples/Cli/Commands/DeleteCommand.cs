using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>delete REFERENCE</c>: a tag alone, or a manifest by its digest with all its tags.</summary>
internal static class DeleteCommand
{
    internal const string Usage = "delete REPOSITORY:TAG|REPOSITORY@DIGEST [--insecure HOST[:PORT]]...";

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, [Shared.Insecure], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
        ImageReference reference = Shared.Reference(arguments.Values("REFERENCE")[0]);
        if (reference.Tag is null == reference.Digest is null)
        {
            throw new UsageException($"'{reference}' does not say what goes: give a tag, which goes alone, or a digest, which takes its tags along.");
        }

        using RegistryClient registry = Shared.Registry(arguments);
        RemoteRepository repository = registry.GetRepository(reference);
        bool deleted = reference.Tag is { } tag
            ? await repository.DeleteTagAsync(tag, cancellationToken)
            : await repository.ResolveAsync(reference.Digest!.ToString(), cancellationToken) is { } manifest && await repository.DeleteAsync(manifest, cancellationToken);
        if (!deleted)
        {
            throw new ContentNotFoundException(repository.ToString(), $"'{reference}'");
        }

        output.Result(new() { ["deleted"] = reference.ToString() }, $"deleted {reference}");
        return 0;
    }
}
