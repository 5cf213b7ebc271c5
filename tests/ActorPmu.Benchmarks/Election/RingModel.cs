namespace ActorPmu.Benchmarks.Election;

/// <summary>Chang and Roberts' election in Promela.</summary>
internal static class RingModel
{
    /// <summary>The model.</summary>
    /// <param name="nodes">How many nodes, ids descending along the ring.</param>
    public static string Of(int nodes) => $$"""
        #define N {{nodes}}
        mtype = { id, leader };
        chan ring[N] = [{{2 * nodes}}] of { mtype, byte };
        chan start[N] = [1] of { bit };

        proctype node(byte own; chan from; chan to; chan go) {
          byte v; mtype m; bool participates, knows;
          xr from; xs to; xr go;
        end:
          do
          :: atomic { go?_ ->
               if :: !participates -> participates = true; to!id(own) :: else fi }
          :: atomic { from?m,v ->
               if
               :: m == leader ->
                    if :: !knows && v != own -> to!leader(v) :: else fi;
                    knows = true
               :: m == id && v == own -> to!leader(v)
               :: m == id && v > own -> participates = true; to!id(v)
               :: else ->
                    if :: !participates -> participates = true; to!id(own) :: else fi
               fi;
               v = 0; m = 0 }
          od
        }

        init {
          byte i;
          atomic {
            do :: i < N -> start[i]!1; run node(N - i, ring[i], ring[(i + 1) % N], start[i]); i++ :: else -> break od;
            i = 0
          }
        }
        """;
}
