using System.Runtime.CompilerServices;

namespace DevOps.Pipelines;

/// <summary>Hands out resources. A claim has all of its resources or none, so claims never wait for each other in a circle.</summary>
/// <remarks>A claim that cannot be met waits at one resource that it lacks. Work per claim does not grow with the number of those who wait.</remarks>
internal sealed class ResourcePool
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Resource> _named = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<ConcurrencyLimit, Resource> _limits = [];
    private long _runs;

    /// <summary>Gets how many resources it knows by their names.</summary>
    internal int NameCount
    {
        get
        {
            lock (_lock)
            {
                return _named.Count;
            }
        }
    }

    internal long NextRun() => Interlocked.Increment(ref _runs);

    internal Resource Named(string kind, string name, IComparer<ClaimOrder> order)
    {
        lock (_lock)
        {
            string key = $"{kind} '{name}'";
            if (!_named.TryGetValue(key, out Resource? resource))
            {
                _named.Add(key, resource = new(key, 1, new OrderedClaims(order)) { IsNamed = true });
            }

            // Until its claim has ended: names can be made up without end.
            resource.Users++;
            return resource;
        }
    }

    internal Resource Limited(ConcurrencyLimit limit)
    {
        lock (_lock)
        {
            if (!_limits.TryGetValue(limit, out Resource? resource))
            {
                _limits.Add(limit, resource = new($"limit '{limit.Name}'", limit.Units, new OrderedClaims(ClaimOrder.Usual)));
            }

            return resource;
        }
    }

    /// <summary>Takes all that the claim asks for, or lets it wait; its owner is told when it is its turn.</summary>
    internal bool TryAcquire(Claim claim)
    {
        lock (_lock)
        {
            return Take(claim, mayPass: false);
        }
    }

    /// <summary>Gives back what a claim holds, and serves who waited for it.</summary>
    internal void Release(Claim claim)
    {
        List<Claim>? served = null;
        lock (_lock)
        {
            if (!claim.IsHeld)
            {
                return;
            }

            claim.IsHeld = false;
            claim.Share.Held--;
            claim.Share.Tenant.Held--;
            foreach (ClaimUse use in claim.Uses)
            {
                use.Resource.Free += use.Units;
            }

            Forget(claim);

            foreach (ClaimUse use in claim.Uses)
            {
                Serve(use.Resource, ref served);
            }
        }

        Tell(served);
    }

    /// <summary>Forgets a claim that waits.</summary>
    internal void Drop(Claim claim)
    {
        List<Claim>? served = null;
        lock (_lock)
        {
            if (!claim.IsDropped && !claim.IsHeld)
            {
                Forget(claim);
            }

            claim.IsDropped = true;
            if (claim.WaitsFor is { } resource && !claim.IsHeld)
            {
                Serve(resource, ref served);
            }
        }

        Tell(served);
    }

    private void Forget(Claim claim)
    {
        foreach (ClaimUse use in claim.Uses)
        {
            if (use.Resource.IsNamed && --use.Resource.Users == 0)
            {
                _named.Remove(use.Resource.Name);
            }
        }
    }

    private static void Tell(List<Claim>? served)
    {
        foreach (Claim claim in served ?? [])
        {
            claim.Owner.Granted();
        }
    }

    private static void Serve(Resource resource, ref List<Claim>? served)
    {
        while (resource.Free > 0 && resource.Waiting.TryTake(out Claim? claim))
        {
            if (Take(claim, mayPass: true))
            {
                (served ??= []).Add(claim);
            }
            else if (claim.WaitsFor == resource)
            {
                // It needs more units than are free; those behind it must not take them away for ever.
                return;
            }
        }
    }

    private static bool Take(Claim claim, bool mayPass)
    {
        foreach (ClaimUse use in claim.Uses)
        {
            if (use.Resource.Free < use.Units || (!mayPass && !use.Resource.Waiting.IsEmpty))
            {
                claim.WaitsFor = use.Resource;
                use.Resource.Waiting.Add(claim);
                return false;
            }
        }

        foreach (ClaimUse use in claim.Uses)
        {
            use.Resource.Free -= use.Units;
        }

        claim.IsHeld = true;
        claim.WaitsFor = null;
        claim.Share.Held++;
        claim.Share.Tenant.Held++;
        return true;
    }
}
