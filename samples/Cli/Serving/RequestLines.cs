using DevOps.Registry.Server;

namespace Cli;

/// <summary>Tells of each push, pull and deletion in one line.</summary>
internal sealed class RequestLines(Output output, TimeProvider clock) : IProgress<RegistryEvent>
{
    public void Report(RegistryEvent value)
    {
        // What was named by tags is told by them: that is what the user typed.
        string tags = value.Tags.IsEmpty ? "" : $":{string.Join(",", value.Tags)}";
        string digest = value.Digest is { } known ? $"  {known}" : "";
        string bytes = value.LengthBytes > 0 ? $"  {Output.Bytes(value.LengthBytes)}" : "";
        output.Progress($"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}  {Word(value.Kind),-15}  {value.Repository}{tags}{digest}{bytes}");
    }

    private static string Word(RegistryEventKind kind) => kind switch
    {
        RegistryEventKind.BlobPushed => "push blob",
        RegistryEventKind.BlobMounted => "mount blob",
        RegistryEventKind.BlobPulled => "pull blob",
        RegistryEventKind.BlobDeleted => "delete blob",
        RegistryEventKind.ManifestPushed => "push manifest",
        RegistryEventKind.ManifestPulled => "pull manifest",
        RegistryEventKind.ManifestDeleted => "delete manifest",
        RegistryEventKind.TagDeleted => "delete tag",
        _ => kind.ToString(),
    };
}
