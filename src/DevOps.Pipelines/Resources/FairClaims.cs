using System.Diagnostics.CodeAnalysis;

namespace DevOps.Pipelines;

/// <summary>Serves the tenant that holds least for its weight, of its runs the one that holds least, and of that run's claims the first by order.</summary>
internal sealed class FairClaims : IClaimQueue
{
    private readonly Dictionary<RunShare, OrderedClaims> _runs = [];

    public bool IsEmpty => _runs.Values.All(claims => claims.IsEmpty);

    public void Add(Claim claim)
    {
        if (!_runs.TryGetValue(claim.Share, out OrderedClaims? claims))
        {
            _runs.Add(claim.Share, claims = new(ClaimOrder.Usual));
        }

        claims.Add(claim);
    }

    public bool TryTake([NotNullWhen(true)] out Claim? claim)
    {
        RunShare? next = null;
        foreach ((RunShare run, OrderedClaims claims) in _runs)
        {
            if (!claims.IsEmpty && (next is null || IsBefore(run, next)))
            {
                next = run;
            }
        }

        if (next is null)
        {
            _runs.Clear();
            claim = null;
            return false;
        }

        bool taken = _runs[next].TryTake(out claim);
        if (_runs[next].IsEmpty)
        {
            _runs.Remove(next);
        }

        return taken;
    }

    private static bool IsBefore(RunShare one, RunShare other)
    {
        double share = one.Tenant.Held / one.Tenant.Weight;
        double otherShare = other.Tenant.Held / other.Tenant.Weight;
        return share < otherShare || (share == otherShare && one.Held < other.Held);
    }
}
