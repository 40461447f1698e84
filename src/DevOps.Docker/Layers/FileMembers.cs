using System.Collections.Immutable;
using DevOps.Archives.Directories;
using DevOps.Archives.Tar;

namespace DevOps.Docker;

/// <summary>Orders single files as a layer's members and adds the directories above them.</summary>
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
        foreach (string path in _sources.Keys)
        {
            if (Parents(path).FirstOrDefault(_sources.ContainsKey) is { } parent)
            {
                throw new ArgumentException($"'/{path}' cannot be in a layer beside '/{parent}': that is a file, not a directory.", nameof(files));
            }
        }
    }

    internal IEnumerable<TarItem> Read()
    {
        SortedDictionary<string, TarItem> members = new(TarPathComparer.Instance);
        foreach ((string path, LayerFile file) in _sources)
        {
            foreach (string parent in Parents(path))
            {
                members.TryAdd(parent + "/", new(Described(new(parent, TarMemberKind.Directory)), null));
            }

            FileInfo info = new(file.SourcePath);
            if (!info.Exists)
            {
                throw new FileNotFoundException($"'{file.SourcePath}' does not exist, and the image needs it at '/{path}'.", file.SourcePath);
            }

            members.Add(path, new(Described(new(path, TarMemberKind.File) { LengthBytes = info.Length, Mode = file.Mode ?? FilePermissions.Of(info, _options.Modes) }), TarContent.FromFile(file.SourcePath)));
        }

        return members.Values;
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private TarMember Described(TarMember member) =>
        member with { ModifiedAt = _options.ModifiedAt, OwnerId = _options.OwnerId, GroupId = _options.GroupId };
}
