using System.Buffers;
using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Pipelines;
using DevOps.Archives.Compression;
using DevOps.Archives.Tar;
using DevOps.Content;
using DevOps.Oci;

namespace DevOps.Docker;

/// <summary>The symbolic links of a base, read when they are first asked for, and once for all layers on it.</summary>
/// <remarks>Memory: the links, within the bound of <see cref="LinkTree"/>, and the buffers of one decoder.</remarks>
internal sealed class BaseLinkView(IContentSource source, ImmutableArray<Descriptor> layers)
{
    private readonly Lock _gate = new();
    private Task<LinkTree?>? _reading;

    /// <summary>Returns the links; <see langword="null"/> if they cannot be known here.</summary>
    /// <exception cref="ContentVerificationException">A layer is not what its descriptor names.</exception>
    internal Task<LinkTree?> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // The layers of an image are built under one cancellation, so whose it is makes no difference.
            return _reading ??= Task.Run(() => ReadAsync(cancellationToken), cancellationToken);
        }
    }

    private async Task<LinkTree?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!layers.All(layer => HolderOf(layer) is not IRepository && layer.MediaType is MediaTypes.Layer or MediaTypes.LayerGzip or MediaTypes.DockerLayer or MediaTypes.DockerLayerGzip))
        {
            return null;
        }

        LinkTree links = new();
        foreach (Descriptor layer in layers)
        {
            try
            {
                if (!await ReadLayerAsync(layer, links, cancellationToken).ConfigureAwait(false))
                {
                    return null;
                }
            }
            catch (Exception e) when (e is InvalidContentException or InvalidDataException or ContentNotFoundException)
            {
                // Whatever this layer is, engines may know better; nothing of it goes into the image here.
                return null;
            }
        }

        return links;
    }

    private async Task<bool> ReadLayerAsync(Descriptor layer, LinkTree links, CancellationToken cancellationToken)
    {
        Stream blob = await HolderOf(layer).OpenReadAsync(layer, cancellationToken).ConfigureAwait(false);
        await using (blob.ConfigureAwait(false))
        {
            PipeReader input = PipeReader.Create(blob, new(bufferSize: 1 << 16, leaveOpen: true));
            ReadResult start = await input.ReadAtLeastAsync(CompressionMagic.Length, cancellationToken).ConfigureAwait(false);
            CompressionFormat format = Recognize(start);
            input.AdvanceTo(start.Buffer.Start);
            Stream content = input.AsStream();
            await using (content.ConfigureAwait(false))
            {
                if (format is not (CompressionFormat.None or CompressionFormat.Gzip))
                {
                    return false;
                }

                Stream tar = format == CompressionFormat.Gzip ? new GZipStream(content, CompressionMode.Decompress) : content;
                await using (tar.ConfigureAwait(false))
                {
                    TarArchiveReader reader = new(tar);
                    while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
                    {
                        if (!links.Add(entry))
                        {
                            return false;
                        }
                    }
                }
            }

            links.CompleteLayer();
            return true;
        }
    }

    private static CompressionFormat Recognize(ReadResult start)
    {
        Span<byte> bytes = stackalloc byte[(int)Math.Min(start.Buffer.Length, CompressionMagic.Length)];
        start.Buffer.Slice(0, bytes.Length).CopyTo(bytes);
        return CompressionMagic.Recognize(bytes);
    }

    private IContentSource HolderOf(Descriptor layer)
    {
        IContentSource holder = source;
        while (holder is ICompositeSource composite && composite.SourceOf(layer) is var next && next != holder)
        {
            holder = next;
        }

        return holder;
    }
}
