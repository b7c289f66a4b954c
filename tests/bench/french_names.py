"""Words of which the generated directory is made: common names, towns and trades of France, most frequent first."""

from __future__ import annotations

from typing import Final

SURNAMES: Final = (
    "MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFEBVRE LEROY ROUX "
    "DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MULLER LEFÈVRE FAURE "
    "ANDRÉ MERCIER BLANC GUÉRIN BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLÉMENT "
    "MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOËL MEYER "
    "DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIÈRE LUCAS BRUNET GAILLARD BARBIER ARNAUD MARTINEZ GÉRARD "
    "ROCHE RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX "
    "OLIVIER PHILIPPE BOURGEOIS PIERRE BENOÎT REY LECLERC PAYET ROLLAND LECLERCQ GUILLAUME LECOMTE LOPEZ JEAN "
    "DUPUY GUILLOT HUBERT BERGER CARPENTIER SANCHEZ DUPUIS MOULIN LOUIS DESCHAMPS HUET VASSEUR PEREZ BOUCHER "
    "FLEURY ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY AUBRY GUYOT CARRÉ CHARLES RENAULT CHARPENTIER MÉNARD "
    "MAILLARD BARON BERTIN BAILLY HERVÉ SCHNEIDER FERNANDEZ LE_GALL COLLET LÉGER BOUVIER JULIEN PRÉVOST MILLET "
    "PERROT DANIEL LE_ROUX COUSIN GERMAIN BRETON BESSON LANGLOIS RÉMY LE_GOFF PELLETIER LÉVÊQUE PERRIER LEBLANC "
    "BARRÉ LEBRUN MARCHAL WEBER MALLET HAMON BOULANGER JACOB MONNIER MICHAUD RODRIGUEZ GUICHARD GILLET ÉTIENNE "
    "GRONDIN POULAIN TESSIER CHEVALLIER COLLIN CHAUVIN DA_SILVA BOUCHET GAY LEMAÎTRE BÉNARD MARÉCHAL HUMBERT "
    "REYNAUD ANTOINE HOARAU PERRET BARTHÉLEMY CORDIER PICHON LEJEUNE GILBERT LAMY DELAUNAY PASQUIER CARLIER "
    "LAPORTE N'GUYEN D'ALMEIDA L'HERMITE DE_LA_TOUR O'BRIEN ŒUVRARD"
).replace("_", "~")
"""Apart by spaces; `~` stands for a space inside a name."""

FIRST_NAMES: Final = (
    "Marie Nathalie Isabelle Sylvie Catherine Sophie Céline Julie Christine Sandrine Valérie Anne Philippe Jean "
    "Pierre Nicolas Stéphanie Christophe Aurélie Laurent Émilie Camille Frédéric Olivier Julien Véronique Claire "
    "Laure Thomas François Caroline Virginie Alexandre Florence Hélène Sébastien Delphine Patrick Élodie Pascal "
    "Mathilde Marion Audrey Laurence Patricia Éric David Charlotte Pauline Martine Michel Laetitia Thierry Lucie "
    "Manon Léa Sarah Mélanie Antoine Vincent Corinne Élise Anaïs Guillaume Mathieu Alice Brigitte Dominique Bruno "
    "Maxime Amélie Chloé Justine Laura Jérôme Cécile Benjamin Karine Fabrice Agnès Alain Emmanuelle Marine Romain "
    "Jean-Pierre Anne-Sophie Marie-Laure Jean-Marc Jean-François Marie-Claude Anne-Marie Jean-Philippe Marc "
    "Bernard Didier Gilles Denis Hervé Louis Hugo Paul Arthur Lucas Clément Benoît Arnaud Cyril Fabien Gaëlle "
    "Maëlle Noémie Inès Zoé Françoise Monique Jacqueline Odile Solène Yann Loïc Maïwenn Mohamed Karim Fatima "
    "Samira Nadia Yasmine Paolo José Ana Maria Œdip Kévin Jordan Steven Océane Coralie Ludivine Estelle Ève Géraldine"
)

TOWNS: Final = (
    ("PARIS", "75", 120), ("MARSEILLE", "13", 40), ("LYON", "69", 36), ("TOULOUSE", "31", 34), ("NICE", "06", 24),
    ("NANTES", "44", 22), ("MONTPELLIER", "34", 22), ("STRASBOURG", "67", 20), ("BORDEAUX", "33", 22),
    ("LILLE", "59", 22), ("RENNES", "35", 15), ("REIMS", "51", 11), ("SAINT-ÉTIENNE", "42", 10), ("TOULON", "83", 10),
    ("LE HAVRE", "76", 8), ("GRENOBLE", "38", 11), ("DIJON", "21", 9), ("ANGERS", "49", 9), ("NÎMES", "30", 8),
    ("CLERMONT-FERRAND", "63", 9), ("LE MANS", "72", 8), ("AIX-EN-PROVENCE", "13", 8), ("BREST", "29", 8),
    ("TOURS", "37", 8), ("AMIENS", "80", 8), ("LIMOGES", "87", 7), ("ANNECY", "74", 6), ("PERPIGNAN", "66", 6),
    ("BESANÇON", "25", 6), ("METZ", "57", 6), ("ORLÉANS", "45", 6), ("ROUEN", "76", 8), ("MULHOUSE", "68", 5),
    ("CAEN", "14", 7), ("NANCY", "54", 8), ("SAINT-DENIS", "974", 6), ("AVIGNON", "84", 5), ("POITIERS", "86", 5),
    ("PAU", "64", 4), ("LA ROCHELLE", "17", 4), ("CALAIS", "62", 3), ("AJACCIO", "2A", 3), ("BASTIA", "2B", 3),
    ("TROYES", "10", 3), ("QUIMPER", "29", 3), ("LAVAL", "53", 3), ("CHARTRES", "28", 3), ("VANNES", "56", 4),
    ("LA FLÈCHE", "72", 1), ("FORT-DE-FRANCE", "972", 4), ("CAYENNE", "973", 2), ("POINTE-À-PITRE", "971", 3),
)  # fmt: skip
"""Town, department, and how many work there beside the others."""

PROFESSIONS: Final = (
    ("60", "Infirmier", 640, ""), ("10", "Médecin", 300, "Spécialiste en Médecine Générale"),
    ("70", "Masseur-Kinésithérapeute", 110, ""), ("21", "Pharmacien", 100, ""),
    ("93", "Psychologue", 90, ""), ("40", "Chirurgien-Dentiste", 60, "Chirurgie orale"),
    ("98", "Manipulateur ERM", 40, ""), ("86", "Technicien de laboratoire médical", 50, ""),
    ("91", "Orthophoniste", 35, ""), ("95", "Diététicien", 18, ""), ("50", "Sage-Femme", 32, ""),
    ("28", "Opticien-Lunetier", 45, ""), ("94", "Ergothérapeute", 16, ""), ("96", "Psychomotricien", 17, ""),
    ("80", "Pédicure-Podologue", 16, ""), ("92", "Orthoptiste", 7, ""), ("26", "Audioprothésiste", 6, ""),
    ("81", "Orthoprothésiste", 3, ""),
)  # fmt: skip
"""Code, profession, how many there are beside the others, a know-how some have. The codes are only examples."""

STARTS: Final = str.split(
    "Bar Ber Bou Cas Chan Col Cour Del Du Fer Gar Gau Gou Guil Hau Jac La Le Mal Mar Mon Pel Per Pou Ri Rou Sau Tis "
    "Val Ver Vi Zan"
)
MIDDLES: Final = str.split(
    "a ba ber bi che de don du fo gne la le lli man mi mou ne no quin ra ri ro ssi ta te tou va vi"
)
ENDS: Final = str.split(
    "ard aud bert bois chet court dier eau el ert et eux gny ier in lac lot mier nier not on ot oux rel sac son "
    "tier ville vin ès é ît"
)
SAINTS: Final = str.split(
    "Aignan Aubin Brice Clair Cyr Émilion Florent Gilles Hilaire Jean Julien Léger Lô Malo Martin Maur Ouen Paul "
    "Pierre Rémy Sauveur Vaast"
)
RIVERS: Final = str.split(
    "Aisne Allier Cher Dordogne Eure Garonne Huisne Indre Isère Loir Loire Lot Marne Mayenne Meuse Oise Orne Rhône "
    "Saône Sarthe Seine Somme Tarn Vienne Yonne"
)
PLACES: Final = (
    "CABINET DU DR {name}", "PHARMACIE {name}", "CENTRE HOSPITALIER DE {town}", "SELARL {name} ET ASSOCIÉS",
    "MAISON DE SANTÉ DE {town}", "CLINIQUE {name}", "SCM LES TILLEULS", "EHPAD RÉSIDENCE {name}",
    "LABORATOIRE {name}", "CABINET D'INFIRMIERS {name}",
)  # fmt: skip
WAYS: Final = (("R", "Rue"), ("AV", "Avenue"), ("BD", "Boulevard"), ("PL", "Place"), ("CHE", "Chemin"))
STREETS: Final = (
    "DE LA RÉPUBLIQUE", "VICTOR HUGO", "DE L'ÉGLISE", "DU GÉNÉRAL LECLERC", "JEAN JAURÈS", "DES TILLEULS",
    "PASTEUR", "DU 11 NOVEMBRE", "D'ALSACE", "SAINT-MICHEL",
)  # fmt: skip
