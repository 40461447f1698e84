using DevOps;
using DevOps.Content;
using DevOps.Oci;
using DevOps.Registry;

namespace Cli;

/// <summary><c>delete REFERENCE</c>: a tag alone, or a manifest by its digest with all its tags.</summary>
internal static class DeleteCommand
{
    private const string Yes = "--yes";

    internal static Command Command { get; } = new(
        "delete",
        "REPOSITORY:TAG|REPOSITORY@DIGEST",
        "Deletes a tag alone, or a manifest by its digest with all its tags",
        [new(Yes, null, "does not ask; on a terminal it does otherwise") { Short = "-y" }, Option.Insecure],
        RunAsync)
    {
        Notes = ["Which of the two is meant must be written: a reference without tag and digest, or with both, is refused.", "Where no terminal is there to ask on, nothing is asked."],
        Examples = ["delete localhost:5000/team/api:1.4", "delete localhost:5000/team/api@sha256:… --yes"],
    };

    private static async Task<int> RunAsync(Arguments arguments, Output output, CancellationToken cancellationToken)
    {
        string text = arguments.Values("REFERENCE")[0];
        ImageReference reference = RegistryReference.Parse(text);
        if (reference.Tag is null == reference.Digest is null)
        {
            throw new UsageException($"'{text}' does not say what goes: give a tag, which goes alone, or a digest, which takes its tags along.");
        }

        if (!arguments.Has(Yes) && Prompt.IsPossible && !await Prompt.ConfirmAsync(reference.Tag is null ? $"Delete {reference} and all its tags?" : $"Delete the tag {reference}?", cancellationToken))
        {
            throw new DevOpsException("Nothing was deleted, as the answer was not yes.");
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
