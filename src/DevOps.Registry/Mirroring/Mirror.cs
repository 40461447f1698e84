using System.Collections.Immutable;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Keeps repositories equal to others. Where nothing changed, a run costs the lists of tags and one HEAD a tag and side, and no GET: nothing that counts as a pull.</summary>
/// <remarks>
/// <para>Tags are compared by digest. What differs is copied by the digest that was compared, so a tag that moves meanwhile does not arrive half. A tag that fails does not stop the others.</para>
/// <para>With a choice of platforms the target's digest is of an index made here: a <see cref="MirrorOptions.Journal"/> remembers it, and without one the source's index is read in each run.</para>
/// </remarks>
public sealed class Mirror
{
    // Far beyond any registry; a list without end must not fill the memory.
    internal const int MaxNames = 1_000_000;

    private readonly RegistryClient _registry;
    private readonly MirrorOptions _options;

    /// <summary>Creates a mirror. Nothing is sent yet.</summary>
    /// <param name="registry">Reaches sources and targets; stays open.</param>
    /// <param name="options">How; <see cref="MirrorOptions.Default"/> if <see langword="null"/>.</param>
    public Mirror(RegistryClient registry, MirrorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(registry);
        (_registry, _options) = (registry, options ?? MirrorOptions.Default);
    }

    /// <summary>Runs once.</summary>
    /// <param name="definition">What is mirrored.</param>
    /// <param name="progress">Told of each tag when it is done, from several threads.</param>
    /// <param name="cancellationToken">Stops the run. What was done stays, and the journal knows it.</param>
    /// <returns>What became of every tag; failures are in it.</returns>
    /// <exception cref="IOException">The journal could not be written.</exception>
    public Task<MirrorResult> RunAsync(MirrorDefinition definition, IProgress<MirroredTag>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return RegistrySpans.RunAsync("mirror", [], () => RunOnceAsync(definition, progress, cancellationToken));
    }

    /// <summary>Returns whether an error concerns the work at hand only, so that the rest goes on.</summary>
    internal static bool IsLocal(Exception error) => error is DevOpsException or HttpRequestException or TimeoutException or IOException;

    internal static InvalidContentException TooMany(string list) => new(list, $"it has more than {MaxNames} names");

    private async Task<MirrorResult> RunOnceAsync(MirrorDefinition definition, IProgress<MirroredTag>? progress, CancellationToken cancellationToken)
    {
        MirrorJournal? journal = _options.Mode == MirrorMode.Apply ? _options.Journal : null;
        journal?.Begin(definition.Identity);
        ImmutableArray<MirroredRepository>.Builder results = ImmutableArray.CreateBuilder<MirroredRepository>();
        foreach (MirrorRule rule in definition.Rules)
        {
            await RunAsync(definition, rule, results, progress, cancellationToken).ConfigureAwait(false);
        }

        journal?.Finish();
        return new(results.ToImmutable());
    }

    private async Task RunAsync(MirrorDefinition definition, MirrorRule rule, ImmutableArray<MirroredRepository>.Builder results, IProgress<MirroredTag>? progress, CancellationToken cancellationToken)
    {
        List<RepositoryName> names = [];
        HashSet<RepositoryName> known = [];
        try
        {
            if (rule.Repository is { } one)
            {
                names.Add(one);
            }
            else
            {
                await foreach (RepositoryName name in _registry.ListRepositoriesAsync(rule.Source, cancellationToken).ConfigureAwait(false))
                {
                    if (rule.Repositories.Accepts(name.Value) && known.Add(name))
                    {
                        names.Add(names.Count < MaxNames ? name : throw TooMany($"catalog of {rule.Source}"));
                    }
                }
            }
        }
        catch (Exception e) when (IsLocal(e))
        {
            // What was listed before is mirrored all the same; the rest is known to be missing.
            results.Add(new(null, rule) { Error = e });
        }

        foreach (RepositoryName name in names)
        {
            if (rule.TryTargetOf(name) is { } target)
            {
                ImageReference? other = rule.Deletion is null ? null : definition.Rules.Select(another => another.TrySourceOf(rule.Target, target)).FirstOrDefault(source => source is not null && (source.Registry, source.Repository) != (rule.Source, name));
                RepositoryMirror mirror = new(_registry.GetRepository(rule.Source, name), _registry.GetRepository(rule.Target, target), rule, other, _options, progress);
                results.Add(await mirror.RunAsync(cancellationToken).ConfigureAwait(false));
            }
            else
            {
                results.Add(new(name, rule) { Error = new DevOpsException($"'{rule.TargetName}/{name}' is too long for the name of a repository. Mirror it by a rule of its own, to a shorter name.") });
            }
        }
    }
}
