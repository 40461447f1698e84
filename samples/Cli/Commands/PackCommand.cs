using System.Diagnostics;
using System.Text.Json.Nodes;
using DevOps.Archives;
using DevOps.Docker;

namespace Cli;

/// <summary><c>pack DIR -o FILE</c>: a directory becomes a layer.</summary>
internal static class PackCommand
{
    internal const string Usage = "pack DIR -o FILE " + Packing.Usage + " " + Shared.DirectoryUsage;

    internal static async Task<int> RunAsync(IReadOnlyList<string> words, Func<bool, Output> outputFor, CancellationToken cancellationToken)
    {
        Arguments arguments = Arguments.Parse(words, ["-o", .. Packing.Words, .. Shared.DirectoryWords], ["--json"]);
        Output output = outputFor(arguments.Has("--json"));
        string directory = arguments.Values("DIR")[0];
        string target = arguments.Require("-o");
        LayerOptions options = Packing.Options(arguments);
        string inside = Path.GetRelativePath(Path.GetFullPath(directory), Path.GetFullPath(target));
        if (target == "-" || (!Path.IsPathRooted(inside) && inside.Split(Path.DirectorySeparatorChar)[0] != ".."))
        {
            throw new UsageException(target == "-" ? "A layer is written to a file: give -o a name." : $"'{target}' is inside '{directory}' and would be packed into itself. Write it elsewhere.");
        }

        Layer layer = Layer.FromDirectory(directory, Shared.Directory(arguments));

        Stopwatch clock = Stopwatch.StartNew();
        await using AtomicFile file = AtomicFile.Create(target);
        BuiltLayer built = await layer.BuildAsync(file.Content, options, null, cancellationToken);
        file.Commit();
        output.Result(
            new()
            {
                ["digest"] = built.Descriptor.Digest.ToString(),
                ["diffId"] = built.DiffId.ToString(),
                ["size"] = built.Descriptor.SizeBytes,
                ["uncompressedSize"] = built.UncompressedSizeBytes,
                ["entries"] = built.MemberCount,
                ["seconds"] = JsonValue.Create(Math.Round(clock.Elapsed.TotalSeconds, 3)),
            },
            $"{target}: {built.MemberCount} entries, {Output.Bytes(built.UncompressedSizeBytes)} packed into {Output.Bytes(built.Descriptor.SizeBytes)}\ndigest {built.Descriptor.Digest}\ndiffID {built.DiffId}");
        return 0;
    }
}
