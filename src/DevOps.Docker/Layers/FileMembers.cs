using System.Collections.Immutable;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Orders single files as a layer's members.</summary>
internal sealed class FileMembers
{
    private readonly ImmutableSortedDictionary<string, LayerFile> _sources;
    private readonly DirectoryOptions _options;

    internal FileMembers(ImmutableArray<LayerFile> files, DirectoryOptions options)
    {
        _options = options;
        ImmutableSortedDictionary<string, LayerFile>.Builder sources = ImmutableSortedDictionary.CreateBuilder<string, LayerFile>(TarPathComparer.Instance);
        foreach (LayerFile file in files)
        {
            string path = new TarMember(file.Path.TrimStart('/'), TarMemberKind.File).Path;
            if (!sources.TryAdd(path, file))
            {
                throw new ArgumentException($"Two files go to '{file.Path}': '{sources[path].SourcePath}' and '{file.SourcePath}'. A layer holds one.", nameof(files));
            }
        }

        _sources = sources.ToImmutable();
        LayerSequence sequence = new(options, message => new ArgumentException(message, nameof(files)));
        foreach ((string path, LayerFile file) in _sources)
        {
            sequence.Enter(new(new(path, TarMemberKind.File), TarContent.FromFile(file.SourcePath)));
        }
    }

    internal IEnumerable<TarItem> Read()
    {
        foreach ((string path, LayerFile file) in _sources)
        {
            FileInfo info = new(file.SourcePath);
            if (!info.Exists)
            {
                throw new FileNotFoundException($"'{file.SourcePath}' does not exist, and the image needs it at '/{path}'.", file.SourcePath);
            }

            // A link stands for what it leads to, so that is what is asked for its bits too.
            info = info.LinkTarget is null ? info : (FileInfo)info.ResolveLinkTarget(returnFinalTarget: true)!;
            TarMember member = _options.Describe(new(path, TarMemberKind.File) { LengthBytes = info.Length }, info);
            yield return new(file.Mode is { } mode ? member with { Mode = mode } : member, TarContent.FromFile(file.SourcePath));
        }
    }
}
