namespace Zab.Testing.Simulation.Faults;

/// <content>Strangers, and mistakes of operators.</content>
internal sealed partial class FaultPlan
{
    /// <summary>Something that must be turned away, and changes nothing else.</summary>
    private void Intrude()
    {
        switch (_prng.Below(8))
        {
            case 0:
                _world.StartTwice(Any());
                break;
            case 1:
                _world.StartOnAlienDisk(Any(), Any());
                break;
            case 2:
            case 3:
                TalkNonsense();
                break;
            default:
                break;
        }
    }

    private void TalkNonsense()
    {
        List<SimulatedLink> links =
            [.. _world.Links.Where(link => link.AtoB.IsSenderUp && link.BtoA.IsSenderUp)];
        if (links.Count > 0)
        {
            SimulatedLink link = links[_prng.Below(links.Count)];
            SimulatedLink.Wire wire = _prng.OneIn(2) ? link.AtoB : link.BtoA;
            _world.EndWithNonsense(wire, Nonsense.Draw(_prng, link.Kind));
        }
    }
}
