using System.Collections.Concurrent;
using System.Net;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Remembers what registries can do and what they refused, so that they are not asked for it again and again.</summary>
/// <remarks>A refusal counts for a while only: registries are renewed, and now and then it was the fault of something on the way.</remarks>
internal sealed class RegistryAbilities(TimeProvider time)
{
    /// <summary>How long a registry is not asked for what it refused.</summary>
    internal static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(RegistryAddress, RegistryAbility), (bool IsThere, long At)> _known = new();

    /// <summary>Returns what was found out; <see langword="null"/> if nothing was, or it was long ago that something was missed.</summary>
    internal bool? IsKnown(RegistryAddress registry, RegistryAbility ability) =>
        _known.TryGetValue((registry, ability), out (bool IsThere, long At) known) && (known.IsThere || time.GetElapsedTime(known.At) < Rest) ? known.IsThere : null;

    /// <summary>Returns whether an answer says that the registry does not know the method, and keeps that in mind.</summary>
    internal bool RefusesHead(RegistryAddress registry, HttpStatusCode status)
    {
        bool refuses = status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented;
        if (refuses)
        {
            Miss(registry, RegistryAbility.Head);
        }

        return refuses;
    }

    /// <summary>Returns whether an ability is worth a try.</summary>
    internal bool Has(RegistryAddress registry, RegistryAbility ability) => IsKnown(registry, ability) ?? true;

    internal void Know(RegistryAddress registry, RegistryAbility ability, bool isThere) => _known[(registry, ability)] = (isThere, time.GetTimestamp());

    internal void Miss(RegistryAddress registry, RegistryAbility ability) => Know(registry, ability, isThere: false);
}

/// <summary>What a registry may be able to do, beyond what all can.</summary>
internal enum RegistryAbility
{
    /// <summary>Takes a whole blob in the request that would open a session.</summary>
    OneTripBlobs,

    /// <summary>Takes a blob in chunks.</summary>
    Chunks,

    /// <summary>Takes a blob over from wherever it has it.</summary>
    AnonymousMounts,

    /// <summary>Takes a blob whose length is not stated before.</summary>
    Streams,

    /// <summary>Gives a manifest several tags in one request.</summary>
    ManyTags,

    /// <summary>Lists referrers.</summary>
    Referrers,

    /// <summary>Says of content what it is without sending it.</summary>
    Head,
}
